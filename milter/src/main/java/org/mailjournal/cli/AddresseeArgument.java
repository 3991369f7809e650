package org.mailjournal.cli;

import org.mailjournal.journal.Address;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** ADDRESS of the command line: somebody who can be written to, as the null sender cannot. */
final class AddresseeArgument implements ITypeConverter<Address> {
  @Override
  public Address convert(String path) {
    Address address = Address.ofPath(path.strip());
    if (address.isNull() || path.matches("(?s).*\\p{Cntrl}.*")) {
      throw new TypeConversionException("expected an address, got '" + path + "'");
    }
    return address;
  }
}
