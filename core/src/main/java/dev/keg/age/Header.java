package dev.keg.age;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The header as text:
 *
 * <pre>
 * age-encryption.org/v1
 * -&gt; X25519 …
 * …
 * --- 7vdEPoYIxTGXIfLOWEZTfPd8wsBoMRbxWUjTmH9yPd0
 * </pre>
 */
final class Header {
  private static final String VERSION = "age-encryption.org/v1";
  private static final String END = "---";
  private static final int LONGEST = 64 << 10;

  private final List<Stanza> stanzas;
  private final byte[] mac;

  Header(List<Stanza> stanzas, byte[] mac) {
    this.stanzas = List.copyOf(stanzas);
    this.mac = mac;
  }

  List<Stanza> stanzas() {
    return stanzas;
  }

  byte[] mac() {
    return mac;
  }

  /** The part that the MAC covers: everything up to the three dashes. */
  byte[] signed() {
    return signed(stanzas);
  }

  static byte[] signed(List<Stanza> stanzas) {
    StringBuilder text = new StringBuilder(VERSION).append('\n');
    stanzas.forEach(stanza -> text.append(stanza.text()));
    return text.append(END).toString().getBytes(StandardCharsets.US_ASCII);
  }

  byte[] bytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(signed());
    bytes.writeBytes((" " + Stanza.encode(mac) + "\n").getBytes(StandardCharsets.US_ASCII));
    return bytes.toByteArray();
  }

  /** Reads exactly to the end of the header. */
  static Header read(InputStream in) throws IOException {
    return new Reader(in).read();
  }

  private static final class Reader {
    private final InputStream in;
    private int length;

    Reader(InputStream in) {
      this.in = in;
    }

    Header read() throws IOException {
      if (!line().equals(VERSION)) {
        throw AgeException.header("it is not an age file");
      }
      List<Stanza> stanzas = new ArrayList<>();
      String line = line();
      for (; !line.startsWith(END); line = line()) {
        stanzas.add(stanza(line));
      }
      if (stanzas.isEmpty() || !line.startsWith(END + " ")) {
        throw AgeException.header("the header is incomplete");
      }
      if (stanzas.size() > 1 && stanzas.stream().anyMatch(PassPhrase::isWrapped)) {
        throw AgeException.header("a pass phrase must be the only key");
      }
      byte[] mac = Stanza.decode(line.substring(END.length() + 1), 32);
      return new Header(stanzas, mac);
    }

    private Stanza stanza(String line) throws IOException {
      if (!line.startsWith("-> ")) {
        throw AgeException.header("a stanza begins with an arrow");
      }
      List<String> arguments = List.of(line.substring(3).split(" ", -1));
      if (!arguments.stream().allMatch(Stanza::isVisible)) {
        throw AgeException.header("a stanza has an argument that is empty or not visible");
      }
      StringBuilder body = new StringBuilder();
      String next = line();
      for (; !Stanza.isLastLine(next); next = line()) {
        body.append(next);
      }
      return new Stanza(
          arguments,
          Stanza.decode(body.append(next).toString())
              .orElseThrow(() -> AgeException.header("the body of a stanza is not base64")));
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int next = in.read(); next != '\n'; next = in.read()) {
        if (next < 0 || ++length > LONGEST) {
          throw AgeException.header(next < 0 ? "the header is cut off" : "the header is too long");
        }
        line.append((char) next);
      }
      return line.toString();
    }
  }
}
