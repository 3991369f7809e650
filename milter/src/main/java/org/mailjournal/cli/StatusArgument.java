package org.mailjournal.cli;

import org.mailjournal.journal.Status;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** S of the command line. */
final class StatusArgument implements ITypeConverter<Status> {
  @Override
  public Status convert(String word) {
    return Status.of(word)
        .orElseThrow(
            () ->
                new TypeConversionException(
                    "expected one of " + Words.statuses() + ", got '" + word + "'"));
  }
}
