package dev.keg.backup.extract;

import dev.keg.error.VolumeException;
import dev.keg.fixtures.fuzz.FuzzTarget;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.utils.SeekableInMemoryByteChannel;

/** Zip archives. */
public final class ZipFuzz implements FuzzTarget {
  private static final int RATIO = 1000;

  @Override
  public List<byte[]> seeds() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.putNextEntry(new ZipEntry("d/"));
      zip.putNextEntry(new ZipEntry("d/a"));
      zip.write(new byte[300]);
      zip.putNextEntry(new ZipEntry("b"));
      zip.write(1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return List.of(bytes.toByteArray());
  }

  @Override
  public void read(byte[] input) {
    byte[] content = new byte[4096];
    try (ZipSource zip =
        new ZipSource("fuzz", new SeekableInMemoryByteChannel(input.clone()), RATIO)) {
      while (zip.next().isPresent()) {
        int n = zip.read(content, 0, content.length);
        while (n >= 0) {
          n = zip.read(content, 0, content.length);
        }
      }
    } catch (VolumeException _) {
      return;
    }
  }
}
