package dev.keg.backup.restore;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.backup.store.encrypted.KeySource;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The position in an archive determines the remaining work, whatever the compression. */
class ArchiveFileTest {
  @TempDir Path directory;

  private void open(byte[] bytes, Consumer<RestoreSource> work) throws IOException {
    Path archive = Files.write(directory.resolve("archive"), bytes);
    new ArchiveFile(archive, KeySource.NONE).openForeign(work);
  }

  private static void skip(InputStream in, int bytes) {
    try {
      in.skipNBytes(bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Test
  void a_stream_says_how_much_of_the_file_is_read() throws IOException {
    List<RestoreSource> opened = new ArrayList<>();
    open(
        new byte[10_240],
        source -> {
          InputStream in = ((RestoreSource.Stream) source).in();
          assertThat(source.share()).isZero();
          skip(in, 2_560);
          assertThat(source.share()).isEqualTo(0.25);
          skip(in, 7_680);
          assertThat(source.share()).isEqualTo(1);
          opened.add(source);
        });

    assertThat(opened).singleElement().returns(1.0, RestoreSource::share);
  }

  @Test
  void a_zip_says_where_its_reader_is() throws IOException {
    byte[] zip = new byte[1000];
    System.arraycopy("PK\003\004".getBytes(US_ASCII), 0, zip, 0, 4);

    open(
        zip,
        source -> {
          try {
            ((RestoreSource.Zip) source).channel().position(500);
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          assertThat(source.share()).isEqualTo(0.5);
        });
  }
}
