package dev.keg.backup.repack;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.keg.backup.archive.frame.Sha256;
import dev.keg.backup.repository.rest.Rest;
import dev.keg.backup.repository.rest.ThinnedFrame;
import dev.keg.backup.store.ObjectStore;
import dev.keg.backup.store.StoreException;
import java.nio.ByteBuffer;

/** A rest as earlier builds wrote it: version 2, without the hashes of thinned frames. */
public final class EarlierRest {
  private static final int FOOTER = 64;

  private EarlierRest() {}

  public static byte[] of(ObjectStore store, Rest rest) throws StoreException {
    byte[] all = new byte[(int) rest.object().size().bytes()];
    store.read(rest.object().name(), 0, ByteBuffer.wrap(all));
    ByteBuffer table = ByteBuffer.allocate(all.length);
    rest.parts().list().forEach(part -> table.putLong(part.offset()).putLong(part.length()));
    long content = rest.parts().length();
    for (ThinnedFrame frame : rest.thinned().values()) {
      byte[] bitmap = frame.content().blocks().toByteArray();
      table.putLong(frame.content().offset()).putInt(frame.content().length());
      table.putInt(frame.stored()).putInt(frame.crc()).putInt(bitmap.length).put(bitmap);
      content += frame.stored();
    }
    table.flip();
    ByteBuffer earlier = ByteBuffer.allocate((int) content + table.limit() + FOOTER);
    earlier.put(all, 0, (int) content).put(table.duplicate()).put("KEGRESTS".getBytes(US_ASCII));
    earlier.putInt(2).putInt(table.limit());
    earlier.putLong(rest.length()).putLong(rest.parts().list().size());
    Sha256.of(table).putInto(earlier);
    return earlier.array();
  }
}
