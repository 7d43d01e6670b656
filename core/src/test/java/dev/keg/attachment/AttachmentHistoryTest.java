package dev.keg.attachment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.common.jimfs.Configuration;
import com.google.common.jimfs.Jimfs;
import dev.keg.attachment.AttachmentHistory.Past;
import dev.keg.error.RegistryException.Damaged;
import dev.keg.file.DirectorySync;
import dev.keg.registry.RegistryLayout;
import dev.keg.registry.VolumeRegistry;
import dev.keg.volume.VolumeName;
import java.io.IOException;
import java.nio.file.Files;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AttachmentHistoryTest {
  private static final VolumeName DB = new VolumeName("db");
  private static final Instant NOW = Instant.parse("2026-11-20T10:00:00Z");

  private final RegistryLayout layout =
      new RegistryLayout(Jimfs.newFileSystem(Configuration.unix()).getPath("/keg"));
  private final VolumeRegistry registry =
      new VolumeRegistry(layout, DirectorySync.NONE, new SplittableRandom(1), _ -> {});
  private final AttachmentHistory history = new AttachmentHistory(registry);

  @BeforeEach
  void volume() throws IOException {
    registry.openForWriting();
    Files.createDirectories(layout.home(DB).data());
  }

  private static Attachment.Disk disk(int number) {
    return new Attachment.Disk("vm" + number, "vdb", true, NOW.plusSeconds(number));
  }

  @Test
  void what_ended_is_read_the_oldest_first_without_its_placement() {
    var placed =
        new Attachment.Disk(
            "vm1",
            "vdb",
            true,
            NOW.plusSeconds(1),
            Optional.of(new Attachment.Placement(1, List.of("/disk"))));
    history.add(DB, placed, NOW.plusSeconds(60));
    history.add(DB, disk(2), NOW.plusSeconds(30));

    assertThat(history.of(DB))
        .containsExactly(
            new Past(disk(1), NOW.plusSeconds(60)), new Past(disk(2), NOW.plusSeconds(30)));
  }

  @Test
  void recording_an_end_again_after_a_kill_changes_only_its_time() {
    history.add(DB, disk(1), NOW);
    history.add(DB, disk(2), NOW);

    history.add(DB, disk(1), NOW.plusSeconds(1));

    assertThat(history.of(DB))
        .containsExactly(new Past(disk(2), NOW), new Past(disk(1), NOW.plusSeconds(1)));
  }

  @Test
  void old_entries_are_dropped() {
    IntStream.rangeClosed(1, 34).forEach(number -> history.add(DB, disk(number), NOW));

    assertThat(history.of(DB)).hasSize(32);
    assertThat(history.of(DB).getFirst().disk()).isEqualTo(disk(3));
    assertThat(history.of(DB).getLast().disk()).isEqualTo(disk(34));
  }

  @Test
  void a_volume_that_no_machine_had_has_no_history() {
    assertThat(history.of(DB)).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\0',
      value = {
        "{\"schema\":1,\"past\":[{}]}|field \"machine\" is missing",
        "{\"schema\":1,\"past\":[],\"more\":1}|unknown field \"more\"",
        "{\"schema\":1,\"past\":[{\"drive\":\"a\",\"machine\":\"b\",\"readOnly\":true,"
            + "\"since\":\"2026-11-20T10:00:00Z\",\"until\":\"2026-11-20T10:00:00Z\",\"more\":1}]}"
            + "|unknown field \"more\"",
        "{\"schema\":1,\"past\":[{\"drive\":\"a\",\"machine\":\"b\",\"readOnly\":true,"
            + "\"since\":\"2026-11-20T10:00:00Z\",\"until\":\"now\"}]}|could not be parsed",
      })
  void a_damaged_history_is_an_error(String content, String reason) throws IOException {
    Files.writeString(layout.history(layout.home(DB)), content);

    assertThatThrownBy(() -> history.of(DB))
        .isInstanceOf(Damaged.class)
        .hasMessageContaining(reason);
  }
}
