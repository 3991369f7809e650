package org.mailjournal.cli;

import org.mailjournal.journal.Address;
import picocli.CommandLine.ITypeConverter;

/** A of the command line: with angle brackets or without. */
final class AddressArgument implements ITypeConverter<Address> {
  @Override
  public Address convert(String path) {
    return Address.ofPath(path);
  }
}
