package org.mailjournal.relaytest;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A library that leads a program's own questions to a test's name server. The system's resolver
 * takes its name servers from resolv.conf(5), which is everybody's and knows no ports.
 *
 * @param directory not below /run, which may be mounted noexec
 */
record ResolverShim(Path directory) {
  private static final String COMPILER = "cc";

  /** What it does, for each of the functions by which programs ask. */
  private static final String SOURCE =
      """
      #define _GNU_SOURCE
      #include <arpa/inet.h>
      #include <dlfcn.h>
      #include <resolv.h>

      static void ours(void) {
        _res.nscount = 1;
        _res.nsaddr_list[0].sin_family = AF_INET;
        _res.nsaddr_list[0].sin_addr.s_addr = htonl(INADDR_LOOPBACK);
        _res.nsaddr_list[0].sin_port = htons(PORT);
      }

      int res_search(const char *name, int class, int type, unsigned char *answer, int length) {
        int (*real)(const char *, int, int, unsigned char *, int) = dlsym(RTLD_NEXT, "res_search");
        ours();
        return real(name, class, type, answer, length);
      }

      int res_query(const char *name, int class, int type, unsigned char *answer, int length) {
        int (*real)(const char *, int, int, unsigned char *, int) = dlsym(RTLD_NEXT, "res_query");
        ours();
        return real(name, class, type, answer, length);
      }

      int res_querydomain(const char *name, const char *domain, int class, int type,
                          unsigned char *answer, int length) {
        int (*real)(const char *, const char *, int, int, unsigned char *, int) =
            dlsym(RTLD_NEXT, "res_querydomain");
        ours();
        return real(name, domain, class, type, answer, length);
      }
      """;

  /** Why there can be none; empty if there can. */
  static Optional<String> unavailable() {
    try {
      Process version = new ProcessBuilder(COMPILER, "--version").redirectErrorStream(true).start();
      version.getInputStream().readAllBytes();
      return Optional.empty();
    } catch (IOException none) {
      return Optional.of("there is no C compiler: " + none.getMessage());
    }
  }

  /** One for questions to this name server on loopback. */
  static ResolverShim to(InetSocketAddress nameServer) {
    try {
      ResolverShim shim = new ResolverShim(Files.createTempDirectory("resolver"));
      Path source = Files.writeString(shim.directory.resolve("resolver.c"), SOURCE);
      Command.run(
              COMPILER,
              "-shared",
              "-fPIC",
              "-DPORT=" + nameServer.getPort(),
              "-o",
              shim.library().toString(),
              source.toString(),
              "-ldl")
          .orThrow();
      return shim;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Path library() {
    return directory.resolve("resolver.so");
  }

  /** For the environment of a program. */
  String variable() {
    return "LD_PRELOAD=" + library();
  }

  void remove() {
    Trees.remove(directory);
  }
}
