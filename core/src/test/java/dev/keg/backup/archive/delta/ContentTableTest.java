package dev.keg.backup.archive.delta;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.backup.archive.frame.FrameHash;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentTableTest {
  @ParameterizedTest
  @ValueSource(longs = {0, 20_000, Long.MAX_VALUE})
  void the_first_place_of_a_hash_is_found_however_many_were_expected(long expected) {
    ContentTable table = new ContentTable();
    Random random = new Random(1);
    List<FrameHash> hashes =
        Stream.generate(() -> new FrameHash(random.nextLong(), random.nextLong()))
            .limit(20_000)
            .toList();

    table.expect(expected);
    for (int i = 0; i < hashes.size(); i++) {
      table.put(hashes.get(i), i + 1);
    }
    hashes.forEach(hash -> table.put(hash, Integer.MAX_VALUE));

    for (int i = 0; i < hashes.size(); i++) {
      assertThat(table.get(hashes.get(i))).hasValue(i + 1);
    }
    assertThat(table.get(new FrameHash(-1, -1))).isEmpty();
    assertThat(table.get(new FrameHash(0, 0))).isEmpty();
  }
}
