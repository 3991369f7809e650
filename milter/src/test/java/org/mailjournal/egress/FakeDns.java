package org.mailjournal.egress;

import java.io.Closeable;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.xbill.DNS.AAAARecord;
import org.xbill.DNS.ARecord;
import org.xbill.DNS.CNAMERecord;
import org.xbill.DNS.DClass;
import org.xbill.DNS.Flags;
import org.xbill.DNS.MXRecord;
import org.xbill.DNS.Message;
import org.xbill.DNS.Name;
import org.xbill.DNS.Rcode;
import org.xbill.DNS.Record;
import org.xbill.DNS.SOARecord;
import org.xbill.DNS.Section;
import org.xbill.DNS.Type;

/** A name server on loopback that knows what a test tells it. */
final class FakeDns implements Closeable {
  private final DatagramSocket socket;
  private final Map<Name, List<Record>> zone = new HashMap<>();
  private final Set<Name> failing = new HashSet<>();
  private final Set<Name> silent = new HashSet<>();
  private int rcode = Rcode.NOERROR;

  FakeDns() throws IOException {
    socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    Thread thread = new Thread(this::serve, "fake-dns");
    thread.setDaemon(true);
    thread.start();
  }

  InetSocketAddress address() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
  }

  FakeDns mx(String domain, int preference, String host) throws IOException {
    Name name = name(domain);
    return add(new MXRecord(name, DClass.IN, 60, preference, name(host)));
  }

  FakeDns address(String host, String address) throws IOException {
    InetAddress inet = InetAddress.getByName(address);
    return add(
        inet.getAddress().length == 4
            ? new ARecord(name(host), DClass.IN, 60, inet)
            : new AAAARecord(name(host), DClass.IN, 60, inet));
  }

  FakeDns alias(String from, String to) throws IOException {
    return add(new CNAMERecord(name(from), DClass.IN, 60, name(to)));
  }

  synchronized FakeDns fails(String domain) throws IOException {
    failing.add(name(domain));
    return this;
  }

  synchronized FakeDns isSilentAbout(String domain) throws IOException {
    silent.add(name(domain));
    return this;
  }

  private synchronized boolean isSilentAbout(Message query) {
    return silent.contains(query.getQuestion().getName());
  }

  /** To everything. */
  synchronized FakeDns says(int code) {
    rcode = code;
    return this;
  }

  private synchronized FakeDns add(Record record) {
    zone.computeIfAbsent(record.getName(), n -> new ArrayList<>()).add(record);
    return this;
  }

  private static Name name(String text) throws IOException {
    return Name.fromString(text, Name.root);
  }

  private void serve() {
    byte[] buffer = new byte[4096];
    try {
      while (true) {
        DatagramPacket packet = new DatagramPacket(buffer, buffer.length);
        socket.receive(packet);
        Message query = new Message(Arrays.copyOf(packet.getData(), packet.getLength()));
        if (!isSilentAbout(query)) {
          byte[] reply = reply(query).toWire();
          socket.send(new DatagramPacket(reply, reply.length, packet.getSocketAddress()));
        }
      }
    } catch (IOException closed) {
      return;
    }
  }

  private synchronized Message reply(Message query) throws IOException {
    Record question = query.getQuestion();
    Message reply = new Message(query.getHeader().getID());
    reply.getHeader().setFlag(Flags.QR);
    reply.getHeader().setFlag(Flags.RA);
    reply.addRecord(question, Section.QUESTION);
    Name name = question.getName();
    if (failing.contains(name) || rcode != Rcode.NOERROR) {
      reply.getHeader().setRcode(failing.contains(name) ? Rcode.SERVFAIL : rcode);
      return reply;
    }
    boolean answered = false;
    for (Record record : zone.getOrDefault(name, List.of())) {
      if (record.getType() == question.getType() || record.getType() == Type.CNAME) {
        reply.addRecord(record, Section.ANSWER);
        answered = true;
      }
    }
    if (!zone.containsKey(name)) {
      reply.getHeader().setRcode(Rcode.NXDOMAIN);
    }
    if (!answered) {
      reply.addRecord(
          new SOARecord(Name.root, DClass.IN, 60, Name.root, Name.root, 1, 1, 1, 1, 1),
          Section.AUTHORITY);
    }
    return reply;
  }

  @Override
  public void close() {
    socket.close();
  }
}
