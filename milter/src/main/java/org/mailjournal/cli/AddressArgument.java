package org.mailjournal.cli;

import org.mailjournal.journal.Address;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** A of the command line: with angle brackets or without. */
final class AddressArgument implements ITypeConverter<Address> {
  @Override
  public Address convert(String path) {
    if (path.isBlank()) {
      throw new TypeConversionException(
          "expected an address, or <> for the null one; got '" + path + "'");
    }
    return Address.ofPath(path);
  }
}
