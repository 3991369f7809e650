package org.mailjournal.cli;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** A file that is written whole, or stays as it was. */
final class OutputFile {
  /** Of a file that was not there: it tells who wrote to whom. */
  private static final Set<PosixFilePermission> RIGHTS =
      PosixFilePermissions.fromString("rw-r-----");

  private OutputFile() {}

  static void write(Path named, byte[] content) throws IOException {
    boolean isThere = Files.exists(named);
    if (isThere && !Files.isRegularFile(named)) {
      // A device or a pipe, which nothing can be put in place of.
      Files.write(named, content, StandardOpenOption.WRITE);
      return;
    }
    Path file = isThere ? named.toRealPath() : named.toAbsolutePath();
    if (isThere && !(Files.isWritable(file) && Files.isWritable(file.getParent()))) {
      // There is no place beside it, or the refusal is the file's own.
      Files.write(file, content, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING);
      return;
    }
    Path young =
        Files.createTempFile(
            file.getParent(), ".", "", PosixFilePermissions.asFileAttribute(RIGHTS));
    try {
      Files.write(young, content);
      if (isThere) {
        keepOwnerAndRights(file, young);
      }
      Files.move(young, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException cause) {
      Files.deleteIfExists(young);
      throw cause;
    }
  }

  private static void keepOwnerAndRights(Path file, Path young) throws IOException {
    try {
      Files.setOwner(young, Files.getOwner(file));
    } catch (FileSystemException onlyRootMay) {
      // Who may write to somebody else's file has it for his own then.
    }
    Files.setPosixFilePermissions(young, Files.getPosixFilePermissions(file));
  }
}
