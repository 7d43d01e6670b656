package dev.keg.disk;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** Headers of qcow2 images for tests, without clusters. */
final class Qcow2Bytes {
  private static final int BACKING_AT = 512;

  private Qcow2Bytes() {}

  static byte[] header(int version, long size, String backing) {
    byte[] name = backing.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(BACKING_AT + name.length);
    bytes.put(new byte[] {'Q', 'F', 'I', (byte) 0xFB}).putInt(version);
    bytes.putLong(name.length == 0 ? 0 : BACKING_AT).putInt(name.length);
    bytes.putInt(16).putLong(size);
    return bytes.put(BACKING_AT, name).array();
  }
}
