package org.mailjournal.receipt;

import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.Optional;
import javax.net.SocketFactory;
import javax.net.ssl.SSLSocketFactory;

/**
 * Sockets that send at once. Angus hands a message on in pieces and asks for no TCP_NODELAY, so
 * that the last piece, with the final dot, waited for the acknowledgement of the one before
 * (Nagle), which the server's kernel delays by 40 ms: 47 ms for each receipt, measured on loopback.
 */
final class PromptSockets {
  private Optional<Socket> last = Optional.empty();

  SocketFactory plain() {
    return new Plain();
  }

  SSLSocketFactory of(SSLSocketFactory protecting) {
    return new Protected(protecting);
  }

  /** Lets whoever reads from the one that was made last wait so long from now on. */
  void waitFor(Duration time) throws IOException {
    if (last.isPresent()) {
      last.get().setSoTimeout((int) time.toMillis());
    }
  }

  private Socket prompt(Socket socket) throws IOException {
    socket.setTcpNoDelay(true);
    last = Optional.of(socket);
    return socket;
  }

  private final class Plain extends SocketFactory {
    @Override
    public Socket createSocket() throws IOException {
      return prompt(new Socket());
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
      return prompt(new Socket(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress from, int fromPort)
        throws IOException {
      return prompt(new Socket(host, port, from, fromPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
      return prompt(new Socket(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort)
        throws IOException {
      return prompt(new Socket(host, port, from, fromPort));
    }
  }

  private final class Protected extends SSLSocketFactory {
    private final SSLSocketFactory factory;

    Protected(SSLSocketFactory factory) {
      this.factory = factory;
    }

    @Override
    public String[] getDefaultCipherSuites() {
      return factory.getDefaultCipherSuites();
    }

    @Override
    public String[] getSupportedCipherSuites() {
      return factory.getSupportedCipherSuites();
    }

    @Override
    public Socket createSocket() throws IOException {
      return prompt(factory.createSocket());
    }

    @Override
    public Socket createSocket(Socket plain, String host, int port, boolean autoClose)
        throws IOException {
      return factory.createSocket(prompt(plain), host, port, autoClose);
    }

    @Override
    public Socket createSocket(String host, int port) throws IOException {
      return prompt(factory.createSocket(host, port));
    }

    @Override
    public Socket createSocket(String host, int port, InetAddress from, int fromPort)
        throws IOException {
      return prompt(factory.createSocket(host, port, from, fromPort));
    }

    @Override
    public Socket createSocket(InetAddress host, int port) throws IOException {
      return prompt(factory.createSocket(host, port));
    }

    @Override
    public Socket createSocket(InetAddress host, int port, InetAddress from, int fromPort)
        throws IOException {
      return prompt(factory.createSocket(host, port, from, fromPort));
    }
  }
}
