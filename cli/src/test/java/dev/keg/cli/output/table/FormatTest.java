package dev.keg.cli.output.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

public class FormatTest {
  static Stream<Arguments> formats() {
    return Stream.of(
        arguments("", new Format.Table(), new Format.Names()),
        arguments("table", new Format.Table(), new Format.Names()),
        arguments("raw", new Format.Raw(false), new Format.Raw(true)),
        same("json", new Format.Json()),
        same("table ", new Format.TemplateTable("")),
        same("table  {{.Name}} ", new Format.TemplateTable("{{.Name}}")),
        same("table{{.Name}}", new Format.TemplateTable("{{.Name}}")),
        same("tablexyz", new Format.TemplateTable("xyz")),
        same("table \\t{{.Name}}\\n", new Format.TemplateTable("\t{{.Name}}\n")),
        same("table \t{{.Name}}", new Format.TemplateTable("\t{{.Name}}")),
        same(" table", new Format.TemplateLines("table")),
        same("TABLE", new Format.TemplateLines("TABLE")),
        same(" json", new Format.TemplateLines("json")),
        same("raw ", new Format.TemplateLines("raw")),
        same("  {{.Name}}  ", new Format.TemplateLines("{{.Name}}")),
        same("\\\\n", new Format.TemplateLines("\\\n")),
        same("\n{{.Name}}", new Format.TemplateLines("\n{{.Name}}")));
  }

  private static Arguments same(String text, Format format) {
    return arguments(text, format, format);
  }

  @ParameterizedTest
  @MethodSource("formats")
  void quiet_counts_for_the_table_and_for_raw_only(String text, Format loud, Format quiet) {
    assertThat(Format.of(text, false)).isEqualTo(loud);
    assertThat(Format.of(text, true)).isEqualTo(quiet);
  }
}
