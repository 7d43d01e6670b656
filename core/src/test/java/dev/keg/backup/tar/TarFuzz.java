package dev.keg.backup.tar;

import dev.keg.error.VolumeException;
import dev.keg.fixtures.fuzz.FuzzTarget;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/** Foreign tar archives. */
public final class TarFuzz implements FuzzTarget {
  private static final int BLOCK = 512;

  @Override
  public List<byte[]> seeds() {
    byte[] pax =
        "30 mtime=1700000000.123456789\n28 SCHILY.xattr.user.a=value\n"
            .getBytes(StandardCharsets.UTF_8);
    return List.of(
        archive(header("a", '0', 5, ""), "hello".getBytes(StandardCharsets.UTF_8)),
        archive(header("pax", 'x', pax.length, ""), pax, header("a", '0', 0, "")),
        archive(header("d/", '5', 0, ""), header("d/l", '2', 0, "../x"), header("h", '1', 0, "a")));
  }

  private static byte[] archive(byte[]... parts) {
    int length = 2 * BLOCK;
    for (byte[] part : parts) {
      length += (part.length + BLOCK - 1) / BLOCK * BLOCK;
    }
    byte[] archive = new byte[length];
    int at = 0;
    for (byte[] part : parts) {
      System.arraycopy(part, 0, archive, at, part.length);
      at += (part.length + BLOCK - 1) / BLOCK * BLOCK;
    }
    return archive;
  }

  private static byte[] header(String name, char type, int size, String link) {
    byte[] header = new byte[BLOCK];
    put(header, 0, name);
    put(header, 100, "0000644\0" + "0000000\0" + "0000000\0");
    put(header, 124, "%011o\0%011o\0".formatted(size, 1_700_000_000));
    put(header, 148, "        " + type + link);
    put(header, 257, "ustar\00000");
    int sum = 0;
    for (byte b : header) {
      sum += b & 0xff;
    }
    put(header, 148, "%06o\0 ".formatted(sum));
    return header;
  }

  private static void put(byte[] header, int at, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.ISO_8859_1);
    System.arraycopy(bytes, 0, header, at, bytes.length);
  }

  @Override
  public void read(byte[] input) {
    repairChecksums(input);
    byte[] content = new byte[4096];
    try {
      TarReader reader = new TarReader("fuzz", new ByteArrayInputStream(input), TarLimits.FOREIGN);
      while (reader.next().isPresent()) {
        int n = reader.read(content, 0, content.length);
        while (n >= 0) {
          n = reader.read(content, 0, content.length);
        }
      }
    } catch (VolumeException _) {
      return;
    }
  }

  // Otherwise nearly every input would end at the first header.
  private static void repairChecksums(byte[] input) {
    for (int at = 0; at + BLOCK <= input.length; at += BLOCK) {
      if (input[at + 257] == 'u' && input[at + 258] == 's') {
        int sum = 8 * ' ';
        for (int i = 0; i < BLOCK; i++) {
          sum += i >= 148 && i < 156 ? 0 : input[at + i] & 0xff;
        }
        byte[] text = "%06o\0 ".formatted(sum).getBytes(StandardCharsets.ISO_8859_1);
        System.arraycopy(text, 0, input, at + 148, 8);
      }
    }
  }
}
