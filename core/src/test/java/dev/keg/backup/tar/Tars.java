package dev.keg.backup.tar;

import dev.keg.tree.ByteString;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** Handmade tar archives, which can be wrong in every way. */
public final class Tars {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** A header block with all fields under the test's control. */
  public static final class Header {
    private final byte[] bytes = new byte[TarBlock.SIZE];
    private boolean sealed = true;

    public Header(char type, String name) {
      put(0, name);
      put(100, "0000644\0");
      put(108, "0001750\0");
      put(116, "0001750\0");
      put(124, "00000000000\0");
      put(136, "00000000000\0");
      bytes[156] = (byte) type;
      put(257, "ustar\0" + "00");
    }

    /** Writes text as ISO 8859-1, so that a test can write any byte. */
    public Header put(int offset, String text) {
      byte[] raw = text.getBytes(StandardCharsets.ISO_8859_1);
      System.arraycopy(raw, 0, bytes, offset, raw.length);
      return this;
    }

    public Header put(int offset, byte[] raw) {
      System.arraycopy(raw, 0, bytes, offset, raw.length);
      return this;
    }

    public Header size(long size) {
      return put(124, "%011o\0".formatted(size));
    }

    public Header link(String target) {
      return put(157, target);
    }

    public Header mode(int mode) {
      return put(100, "%07o\0".formatted(mode));
    }

    public Header device(int major, int minor) {
      return put(329, "%07o\0".formatted(major)).put(337, "%07o\0".formatted(minor));
    }

    public Header gnu() {
      return put(257, "ustar  \0");
    }

    public Header withoutMagic() {
      return put(257, "\0\0\0\0\0\0\0\0");
    }

    public Header wrongChecksum() {
      sealed = false;
      return this;
    }

    byte[] bytes() {
      put(148, "        ");
      int sum = 0;
      for (byte b : bytes) {
        sum += b & 0xFF;
      }
      put(148, "%06o\0 ".formatted(sealed ? sum : sum + 1));
      return bytes.clone();
    }
  }

  public Tars add(Header header) {
    out.writeBytes(header.bytes());
    return this;
  }

  public Tars add(Header header, byte[] content) {
    return add(header.size(content.length)).raw(content).pad();
  }

  public Tars file(String name, String content) {
    return add(new Header('0', name), latin1(content));
  }

  public Tars directory(String name) {
    return add(new Header('5', name).mode(0755));
  }

  public Tars symlink(String name, String target) {
    return add(new Header('2', name).link(target));
  }

  public Tars hardLink(String name, String target) {
    return add(new Header('1', name).link(target));
  }

  /** Well-formed pairs of keyword and value. */
  public Tars pax(String... pairs) {
    return extended('x', records(pairs));
  }

  public Tars global(String... pairs) {
    return extended('g', records(pairs));
  }

  public Tars extended(char type, byte[] content) {
    return add(new Header(type, "./PaxHeaders/x"), content);
  }

  public Tars raw(byte[] bytes) {
    out.writeBytes(bytes);
    return this;
  }

  public Tars pad() {
    return raw(new byte[TarEncoder.padding(out.size())]);
  }

  public Tars end() {
    return raw(TarEncoder.end());
  }

  public byte[] bytes() {
    return out.toByteArray();
  }

  public static byte[] records(String... pairs) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (int i = 0; i < pairs.length; i += 2) {
      int rest = latin1(pairs[i]).length + latin1(pairs[i + 1]).length + 3;
      int length = rest + 1;
      while (rest + Integer.toString(length).length() != length) {
        length++;
      }
      all.writeBytes(latin1(length + " " + pairs[i] + "=" + pairs[i + 1] + "\n"));
    }
    return all.toByteArray();
  }

  public static byte[] latin1(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }

  public static ByteString bytes(String latin1) {
    return ByteString.of(latin1(latin1));
  }
}
