package dev.keg.cli.output;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.cli.output.VolumeRow.Usage;
import dev.keg.cli.template.Struct;
import dev.keg.cli.template.TemplateException;
import dev.keg.volume.Labels;
import dev.keg.volume.Options;
import dev.keg.volume.Size;
import dev.keg.volume.Volume;
import dev.keg.volume.VolumeName;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InspectTest {
  private static final Struct PLAIN = view("nil", Map.of(), List.of(), null);

  private static Struct view(
      String name, Map<String, String> options, List<String> labels, @Nullable Usage usage) {
    return view(name, options, labels, new TreeMap<>(), usage);
  }

  private static Struct view(
      String name,
      Map<String, String> options,
      List<String> labels,
      SortedMap<String, ?> status,
      @Nullable Usage usage) {
    Volume volume =
        new Volume(
            new VolumeName(name),
            "local",
            Options.of(options),
            Labels.parse(labels),
            Instant.parse("2026-11-20T10:00:55.987Z"));
    return new InspectView(volume, "/m", "local", status, usage, null).in(ZoneOffset.UTC);
  }

  @Test
  void objects_are_one_indented_array_with_dockers_keys_in_dockers_order() {
    Inspector inspector = Inspector.of("");
    inspector.add(PLAIN);
    inspector.add(
        view(
            "v1",
            Map.of("type", "tmpfs", "o", "size=1m"),
            List.of("k=<v>", "foo"),
            new TreeMap<>(Map.of("Mounted", "yes")),
            new Usage(2, new Size(1234567))));
    assertThat(inspector.text())
        .isEqualTo(
            """
            [
                {
                    "CreatedAt": "2026-11-20T10:00:55Z",
                    "Driver": "local",
                    "Labels": null,
                    "Mountpoint": "/m",
                    "Name": "nil",
                    "Options": null,
                    "Scope": "local"
                },
                {
                    "CreatedAt": "2026-11-20T10:00:55Z",
                    "Driver": "local",
                    "Labels": {
                        "foo": "",
                        "k": "\\u003cv\\u003e"
                    },
                    "Mountpoint": "/m",
                    "Name": "v1",
                    "Options": {
                        "o": "size=1m",
                        "type": "tmpfs"
                    },
                    "Scope": "local",
                    "Status": {
                        "Mounted": "yes"
                    },
                    "UsageData": {
                        "RefCount": 2,
                        "Size": 1234567
                    }
                }
            ]
            """);
  }

  @Test
  void json_is_one_line() {
    Inspector inspector = Inspector.of("json");
    inspector.add(PLAIN);
    assertThat(inspector.text())
        .isEqualTo(
            """
            [{"CreatedAt":"2026-11-20T10:00:55Z","Driver":"local","Labels":null,"Mountpoint":"/m",\
            "Name":"nil","Options":null,"Scope":"local"}]
            """);
  }

  @ParameterizedTest
  @CsvSource({"'','[]\n'", "json,'[]\n'", "{{.Name}},'\n'"})
  void an_empty_list_still_prints_something(String format, String expected) {
    assertThat(Inspector.of(format).text()).isEqualTo(expected);
  }

  @Test
  void a_template_makes_a_line_of_each() {
    Inspector inspector = Inspector.of("{{.Name}}\\t{{.Labels}}{{.Options}}");
    inspector.add(PLAIN);
    inspector.add(view("v1", Map.of("o", "ro"), List.of("k=v"), null));
    // Escapes in the format apply only to listings.
    assertThat(inspector.text()).isEqualTo("nil\\tmap[]map[]\nv1\\tmap[k:v]map[o:ro]\n");
  }

  @Test
  void an_object_that_the_template_does_not_fit_leaves_no_trace() {
    Inspector inspector = Inspector.of("{{.Name}}{{.UsageData.Size}}");
    assertThatThrownBy(() -> inspector.add(PLAIN))
        .isInstanceOf(TemplateException.Failed.class)
        .hasMessage(
            "template parsing error: template: :1:21: executing \"\" at <.UsageData.Size>:"
                + " nil pointer evaluating *volume.UsageData.Size");
    inspector.add(view("v1", Map.of(), List.of(), new Usage(0, new Size(7))));
    assertThat(inspector.text()).isEqualTo("v17\n");
  }

  @Test
  void a_bogus_field_is_reported_in_dockers_words() {
    assertThatThrownBy(() -> Inspector.of("{{.Bogus}}").add(PLAIN))
        .hasMessage(
            "template parsing error: template: :1:2: executing \"\" at <.Bogus>:"
                + " can't evaluate field Bogus in type volume.Volume");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{{", "{{Nope}}", "{{.Name"})
  void an_unparsable_template_fails_before_anything_is_looked_up(String format) {
    assertThatThrownBy(() -> Inspector.of(format)).isInstanceOf(TemplateException.Unparsable.class);
  }

  @ParameterizedTest
  @CsvSource({
    "{{.Labels.nope}},<no value>",
    "'{{index .Labels \"nope\"}}',''",
    "'{{index .Status \"nope\"}}',<no value>",
    "{{.UsageData}},<nil>",
    "{{.ClusterVolume}},<nil>",
    "{{json .Labels}},null",
    "{{json .Status}},null",
    "{{json .UsageData}},null",
    "{{len .Options}},0",
    "'{{printf \"%T %T %T\" . .Labels .Status}}','volume.Volume map[string]string"
        + " map[string]interface {}'",
    "'{{.}}','{<nil> 2026-11-20T10:00:55Z local map[] /m nil map[] local map[] <nil>}'",
  })
  void a_volume_without_anything_prints_as_dockers(String format, String expected) {
    Inspector inspector = Inspector.of(format);
    inspector.add(PLAIN);
    assertThat(inspector.text()).isEqualTo(expected + "\n");
  }

  @ParameterizedTest
  @CsvSource({
    "2026-11-20T10:00:55.999Z, UTC, 2026-11-20T10:00:55Z",
    "2026-11-20T10:00:00Z, UTC, 2026-11-20T10:00:00Z",
    "2026-11-20T00:00:00Z, Europe/Berlin, 2026-11-20T01:00:00+01:00",
    "2026-06-20T23:30:00Z, Europe/Berlin, 2026-06-21T01:30:00+02:00",
    "2026-06-20T23:30:01Z, Asia/Kolkata, 2026-06-21T05:00:01+05:30",
    "2026-01-01T01:00:00Z, America/New_York, 2025-12-31T20:00:00-05:00",
    "0001-01-01T00:00:00Z, UTC, 0001-01-01T00:00:00Z",
    "1800-01-01T00:00:00Z, +00:17:30, 1800-01-01T00:17:30+00:17",
  })
  void a_time_is_rfc_3339_in_seconds_and_in_the_zone(
      Instant created, ZoneId zone, String expected) {
    Volume volume = new Volume(new VolumeName("v1"), "local", Options.NONE, Labels.NONE, created);
    InspectView view =
        new InspectView(volume, "/m", "local", Collections.emptySortedMap(), null, null);
    assertThat(view.in(zone).fields().get("CreatedAt")).isEqualTo(expected);
  }
}
