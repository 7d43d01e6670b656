package dev.keg.cli.output;

import static org.assertj.core.api.Assertions.assertThat;

import dev.keg.cli.output.VolumeRow.Usage;
import dev.keg.cli.output.table.Format;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

class VolumeColumnsTest {
  private static final Volume VOLUME =
      new Volume(
          new VolumeName("db"),
          "loop",
          Options.NONE,
          Labels.parse(List.of("b=2", "a", "c=x=y")),
          Instant.EPOCH);

  private static String unaskedText() {
    throw new AssertionError("nobody shows this");
  }

  private static VolumeDocument unaskedDocument() {
    throw new AssertionError("nobody shows this");
  }

  @Test
  void labels_are_sorted() {
    assertThat(
            render(
                "{{.Labels}}",
                new VolumeRow(
                    VOLUME, () -> "local", VolumeColumnsTest::unaskedText, null, null, null)))
        .isEqualTo("a=,b=2,c=x=y\n");
  }

  @Test
  void what_is_not_shown_is_not_asked_for() {
    VolumeRow row =
        new VolumeRow(
            VOLUME,
            VolumeColumnsTest::unaskedText,
            VolumeColumnsTest::unaskedText,
            null,
            VolumeColumnsTest::unaskedText,
            VolumeColumnsTest::unaskedDocument);
    assertThat(render("", row)).isEqualTo("DRIVER    VOLUME NAME\nloop      db\n");
    assertThat(render("{{.Name}} {{.Size}}", row)).isEqualTo("db N/A\n");
  }

  @Test
  void the_table_with_sizes_has_one_more_column() {
    VolumeRow row =
        new VolumeRow(
            VOLUME,
            () -> "local",
            VolumeColumnsTest::unaskedText,
            new Usage(3, new Size(2000)),
            null,
            null);
    assertThat(
            VolumeColumns.rows(true, () -> ZoneOffset.UTC)
                .render(Format.of("", false), List.of(row)))
        .isEqualTo("DRIVER    VOLUME NAME   SIZE\nloop      db            2kB\n");
    assertThat(render("{{.Links}} {{.Size}}", row)).isEqualTo("3 2kB\n");
  }

  @Test
  void a_status_is_shown_where_there_is_one() {
    VolumeRow row = new VolumeRow(VOLUME, () -> "local", () -> "/d", null, () -> "in use", null);
    assertThat(render("{{.Status}} {{.Mountpoint}} {{.Scope}}", row))
        .isEqualTo("in use /d local\n");
    assertThat(render("json", row)).contains("\"Status\":\"in use\"", "\"Mountpoint\":\"/d\"");
  }

  private static String render(String format, VolumeRow row) {
    return VolumeColumns.rows(false, () -> ZoneOffset.UTC)
        .render(Format.of(format, false), List.of(row));
  }
}
