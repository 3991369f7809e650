package org.mailjournal.cli;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/** A file that is written whole, or stays as it was. */
final class OutputFile {
  /** Of a file that was not there: it tells who wrote to whom. */
  private static final Set<PosixFilePermission> RIGHTS =
      PosixFilePermissions.fromString("rw-r-----");

  private static final Set<OpenOption> NEW =
      Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);

  private OutputFile() {}

  static void write(Path named, byte[] content) throws IOException {
    boolean isThere = Files.exists(named);
    if (isThere && !Files.isRegularFile(named)) {
      // A device or a pipe, which nothing can be put in place of.
      Files.write(named, content, StandardOpenOption.WRITE);
      return;
    }
    Path file = isThere ? named.toRealPath() : named.toAbsolutePath();
    Set<PosixFilePermission> rights = isThere ? Files.getPosixFilePermissions(file) : RIGHTS;
    Path young = file.resolveSibling(file.getFileName() + "." + ProcessHandle.current().pid());
    FileAttribute<?> restricted = PosixFilePermissions.asFileAttribute(RIGHTS);
    boolean isWhole = false;
    try (SeekableByteChannel channel = Files.newByteChannel(young, NEW, restricted)) {
      ByteBuffer rest = ByteBuffer.wrap(content);
      while (rest.hasRemaining()) {
        channel.write(rest);
      }
      isWhole = true;
    } finally {
      if (!isWhole) {
        Files.deleteIfExists(young);
      }
    }
    if (isThere) {
      Files.setPosixFilePermissions(young, rights);
    }
    Files.move(young, file, StandardCopyOption.ATOMIC_MOVE);
  }
}
