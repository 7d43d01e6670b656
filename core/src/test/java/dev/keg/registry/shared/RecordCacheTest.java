package dev.keg.registry.shared;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.registry.record.RecordStore.StoredRecord;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class RecordCacheTest {
  private static final VolumeName DB = new VolumeName("db");
  private static final VolumeName WEB = new VolumeName("web");
  private static final StoredRecord RECORD = new StoredRecord("{\"a\":1}\n", "v1");

  private final Path directory = Jimfs.newFileSystem(Configuration.unix()).getPath("/cache");
  private final List<String> debug = new ArrayList<>();
  private final RecordCache cache = new RecordCache(directory, new SplittableRandom(1), debug::add);

  @BeforeEach
  void make() throws IOException {
    Files.createDirectory(directory);
  }

  @Test
  void a_copy_is_found_as_stored_until_it_is_forgotten() {
    cache.keep(DB, RECORD);
    cache.keep(WEB, RECORD);
    assertThat(cache.find(DB)).contains(RECORD);
    assertThat(cache.names()).containsExactlyInAnyOrder(DB, WEB);

    cache.forget(DB);
    assertThat(cache.find(DB)).isEmpty();
    assertThat(cache.find(WEB)).contains(RECORD);
    assertThat(debug).isEmpty();
  }

  @Test
  void a_newer_copy_replaces_the_last_one_and_leaves_no_draft() throws IOException {
    StoredRecord newer = new StoredRecord("{}", "v2");
    cache.keep(DB, RECORD);
    cache.keep(DB, newer);

    assertThat(cache.find(DB)).contains(newer);
    try (var files = Files.list(directory)) {
      assertThat(files).containsExactly(directory.resolve("db"));
    }
  }

  @Test
  void only_what_is_in_the_store_is_kept() {
    cache.keep(DB, RECORD);
    cache.keep(WEB, RECORD);

    cache.keepOnly(List.of(WEB, new VolumeName("other")));

    assertThat(cache.names()).containsExactly(WEB);
  }

  @Test
  void a_copy_that_was_cut_off_is_none() throws IOException {
    Files.writeString(directory.resolve("db"), "v1");

    assertThat(cache.find(DB)).isEmpty();
  }

  @Test
  void an_unusable_cache_is_not_an_error() throws IOException {
    Files.createDirectories(directory.resolve("db/file"));

    cache.keep(DB, RECORD);
    assertThat(cache.find(DB)).isEmpty();
    cache.forget(DB);

    assertThat(debug)
        .satisfiesExactly(
            write -> assertThat(write).startsWith("cannot write /cache/db: "),
            read -> assertThat(read).startsWith("cannot read /cache/db: "),
            delete -> assertThat(delete).startsWith("cannot delete /cache/db: "));
  }
}
