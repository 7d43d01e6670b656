package dev.keg.moving.pass;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.tree.Attributes;
import dev.keg.tree.ByteString;
import dev.keg.tree.Xattrs;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import org.junit.jupiter.api.Test;

final class WireTest {
  @Test
  void attributes_as_large_as_streams_of_windows_arrive() throws IOException {
    ByteString stream = ByteString.of(new byte[2 << 20]);
    Attributes sent =
        new Attributes(
            0644, 1, 2, Instant.EPOCH, Xattrs.NONE.with(ByteString.utf8("user.note"), stream));
    var bytes = new ByteArrayOutputStream();
    Wire wire = new Wire(InputStream.nullInputStream(), bytes);

    wire.put(sent);
    wire.out().flush();

    Wire other = new Wire(new ByteArrayInputStream(bytes.toByteArray()), bytes);
    assertThat(other.attributes()).isEqualTo(sent);
  }
}
