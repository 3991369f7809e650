package org.mailjournal.cli;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** FILE of the command line. To Java an empty one is the directory that one is in. */
final class PathArgument implements ITypeConverter<Path> {
  @Override
  public Path convert(String name) {
    try {
      if (!name.isBlank()) {
        return Path.of(name);
      }
    } catch (InvalidPathException impossible) {
      throw new TypeConversionException("no file can be called '" + name + "'");
    }
    throw new TypeConversionException("the name is empty: expected a file, got '" + name + "'");
  }
}
