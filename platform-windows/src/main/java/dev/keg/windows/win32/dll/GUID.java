package dev.keg.windows.win32.dll;

import com.sun.jna.Structure;
import com.sun.jna.Structure.FieldOrder;
import java.nio.ByteBuffer;
import java.util.UUID;

/** {@code guiddef.h}. */
@FieldOrder({"Data1", "Data2", "Data3", "Data4"})
public class GUID extends Structure {
  public int Data1;
  public short Data2;
  public short Data3;
  public byte[] Data4 = new byte[8];

  public static GUID of(UUID id) {
    GUID guid = new GUID();
    guid.set(id);
    return guid;
  }

  public void set(UUID id) {
    long high = id.getMostSignificantBits();
    Data1 = (int) (high >>> 32);
    Data2 = (short) (high >>> 16);
    Data3 = (short) high;
    Data4 = ByteBuffer.allocate(8).putLong(id.getLeastSignificantBits()).array();
  }

  public UUID value() {
    long high = (Data1 & 0xFFFF_FFFFL) << 32 | (Data2 & 0xFFFFL) << 16 | (Data3 & 0xFFFFL);
    return new UUID(high, ByteBuffer.wrap(Data4).getLong());
  }
}
