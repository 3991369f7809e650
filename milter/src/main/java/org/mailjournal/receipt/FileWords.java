package org.mailjournal.receipt;

import java.io.IOException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;

/**
 * Why the system refused a file or a place, for people: Java's own message is often no more than
 * the name, or a class.
 */
public final class FileWords {
  private FileWords() {}

  /** The reason, without the name. */
  public static String of(IOException cause) {
    if (cause instanceof NoSuchFileException) {
      return "there is no such file or directory";
    } else if (cause instanceof AccessDeniedException) {
      return "permission denied";
    } else if (cause instanceof FileAlreadyExistsException) {
      return "it is there already";
    } else if (cause instanceof NotDirectoryException) {
      return "that is no directory";
    } else if (cause instanceof UnknownHostException) {
      return "no address is known for the host";
    } else if (cause instanceof FileSystemException system && system.getReason() != null) {
      return system.getReason();
    }
    return cause.getMessage() == null ? "the system gives no reason" : cause.getMessage();
  }
}
