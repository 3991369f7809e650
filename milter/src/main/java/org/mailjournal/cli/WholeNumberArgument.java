package org.mailjournal.cli;

import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** N of the command line. */
final class WholeNumberArgument implements ITypeConverter<Integer> {
  @Override
  public Integer convert(String value) {
    try {
      return Integer.valueOf(value.strip());
    } catch (NumberFormatException none) {
      throw new TypeConversionException(
          "expected a whole number, at most " + Integer.MAX_VALUE + "; got '" + value + "'");
    }
  }
}
