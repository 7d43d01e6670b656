package dev.keg.backup.archive.index;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SkippableTest {
  @Test
  void a_payload_has_the_content_that_was_packed() {
    byte[] content = new byte[100_000];
    new Random(1).nextBytes(content);

    ByteBuffer payload = Skippable.pack(Skippable.PAGE, content);

    assertThat(Skippable.unpack(Skippable.PAGE, payload, content.length)).isEqualTo(content);
  }

  @ParameterizedTest(name = "{0} MiB in {1} MiB: {2}")
  @CsvSource({
    "128,  1, true", // a directory whose entries differ little
    "129,  1, false",
    "160, 80, true", // a file of 12 TiB: four million frames of 40 bytes, half of them a hash
    "1000, 500, true",
    "1000, 100, false",
  })
  void a_long_index_must_be_long_as_stored(int length, int stored, boolean plausible) {
    assertThat(Skippable.isPlausible(length << 20, stored << 20)).isEqualTo(plausible);
  }

  @Test
  void a_few_bytes_cannot_claim_the_whole_memory() {
    ByteBuffer payload = Skippable.pack(Skippable.ROOT, new byte[1000]);

    assertThatIllegalArgumentException()
        .isThrownBy(() -> Skippable.unpack(Skippable.ROOT, payload, Integer.MAX_VALUE))
        .withMessage("an index of 2147483647 bytes");
  }
}
