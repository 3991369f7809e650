package org.mailjournal.protocol;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PacketReaderTest {
  private static Command read(String packet) {
    ByteBuf frame = Unpooled.copiedBuffer(packet, StandardCharsets.ISO_8859_1);
    return PacketReader.read(frame);
  }

  private static Optional<String> address(String packet) {
    return ((Command.Connect) read(packet)).address();
  }

  @Test
  void anIpv4Client() {
    assertEquals(Optional.of("192.0.2.1"), address("Chost\0004\0\u0019192.0.2.1\0"));
  }

  @Test
  void anIpv6ClientAsPostfixWritesIt() {
    assertEquals(Optional.of("2001:db8::1"), address("Chost\0006\0\u00192001:db8::1\0"));
  }

  @Test
  void anIpv6ClientAsSendmailWritesIt() {
    assertEquals(Optional.of("2001:db8::1"), address("Chost\0006\0\u0019IPv6:2001:db8::1\0"));
  }

  @Test
  void aUnixClientHasNoAddress() {
    assertEquals(Optional.empty(), address("Clocalhost\0L\0\0/run/socket\0"));
  }

  @Test
  void anUnknownFamilyEndsWithoutNulOnPostfix() {
    assertEquals(Optional.empty(), address("Cunknown\0U"));
  }

  @Test
  void anAddressThatIsAWordIsNotLookedUp() {
    assertEquals(Optional.empty(), address("Cunknown\0004\0\0unknown\0"));
    assertEquals(Optional.empty(), address("Chost\0004\0\u0019mail.example.com\0"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"Chost\0004", "Chost\0004\0", "Chost\0006\0\u0019", "Chost\0004\0\u001910"})
  void aConnectThatIsCutShortHasNoAddress(String packet) {
    assertEquals(Optional.empty(), address(packet));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "C", "Chost", "Chost\0", "M", "R", "L", "H", "D", "O", "O\0\0\0\6", "?"})
  void whatLacksItsContentIsRefused(String packet) {
    assertThrows(ProtocolException.class, () -> read(packet));
  }

  @Test
  void aRefusalNeverShowsWhatThePacketHeld() {
    String packet = "Csecret@example.com";
    ProtocolException refusal = assertThrows(ProtocolException.class, () -> read(packet));
    assertFalse(refusal.getMessage().contains("secret"));
    assertFalse(read("Msecret@example.com\0").toString().contains("secret"));
  }

  @Test
  void aHeaderWithoutValueHasAnEmptyOne() {
    Command.Header header = (Command.Header) read("LSubject");
    assertEquals(7, header.name().length());
    assertEquals(0, header.value().length());
  }
}
