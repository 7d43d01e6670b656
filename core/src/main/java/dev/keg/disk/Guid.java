package dev.keg.disk;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.UUID;

/** GUIDs as Windows lays them out: the first three groups little-endian, the rest as written. */
public final class Guid {
  public static final int LENGTH = 16;
  static final UUID NONE = new UUID(0, 0);

  private Guid() {}

  public static void put(ByteBuffer to, UUID id) {
    long high = id.getMostSignificantBits();
    ByteBuffer bytes = ByteBuffer.allocate(LENGTH).order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt((int) (high >>> 32)).putShort((short) (high >>> 16)).putShort((short) high);
    bytes.order(ByteOrder.BIG_ENDIAN).putLong(id.getLeastSignificantBits());
    to.put(bytes.flip());
  }

  public static UUID get(ByteBuffer from) {
    byte[] raw = new byte[LENGTH];
    from.get(raw);
    ByteBuffer bytes = ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN);
    long high = (bytes.getInt() & 0xFFFF_FFFFL) << 32;
    high |= (bytes.getShort() & 0xFFFFL) << 16;
    high |= bytes.getShort() & 0xFFFFL;
    return new UUID(high, bytes.order(ByteOrder.BIG_ENDIAN).getLong());
  }
}
