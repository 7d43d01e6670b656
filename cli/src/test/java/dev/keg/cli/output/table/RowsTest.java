package dev.keg.cli.output.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.cli.DockerCase;
import dev.keg.cli.DockerCase.Result;
import dev.keg.cli.colour.Tone;
import dev.keg.cli.output.VolumeColumns;
import dev.keg.cli.output.table.Columns.Column;
import dev.keg.cli.template.TemplateException;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

public class RowsTest {
  /** A kind of row that docker does not have. */
  private record Fruit(String name, int weight) {}

  private static final Columns<Fruit> COLUMNS =
      Columns.<Fruit>of("*keg.Fruit")
          .with("Name", "FRUIT", Fruit::name)
          .with("Weight", "WEIGHT", fruit -> fruit.weight() + "g")
          .withKey("Slice", (fruit, key) -> fruit.name() + "/" + key);

  private static final Rows<Fruit> ROWS =
      new Rows<>(COLUMNS, List.of("Weight", "Name"), List.of("Name", "Weight"));

  private static final List<Fruit> FRUITS = List.of(new Fruit("fig", 20), new Fruit("melon", 1500));

  static List<DockerCase> dockerCases() {
    return DockerCase.all(RowsTest.class, "ls.txt");
  }

  @ParameterizedTest
  @MethodSource("dockerCases")
  void a_format_does_what_it_does_in_docker(DockerCase expected) {
    DockerCase actual = rendered(expected);
    assertThat(actual.text()).isEqualTo(expected.text());
    assertThat(actual.result()).isEqualTo(expected.result());
  }

  private static DockerCase rendered(DockerCase example) {
    Format format = Format.of(example.format(), example.quiet());
    try {
      String output =
          VolumeColumns.rows(false, () -> ZoneOffset.UTC).render(format, SampleRows.ALL);
      assertThat(output).endsWith("\n");
      return example.ending(Result.OUTPUT, output.substring(0, output.length() - 1));
    } catch (TemplateException e) {
      // Docker's ls exits with 1 in both cases.
      return example.ending(
          Result.FAILED, String.valueOf(e.getMessage()).replace("template parsing error: ", ""));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''                  | 'WEIGHT    FRUIT\n20g       fig\n1500g     melon\n'",
        "raw                 | 'name: fig\nweight: 20g\n\nname: melon\nweight: 1500g\n\n'",
        """
        json | '{"Name":"fig","Weight":"20g"}
        {"Name":"melon","Weight":"1500g"}
        '\
        """,
        "{{.Slice \"x\"}}    | 'fig/x\nmelon/x\n'",
        "table {{.Slice \"a.b-c\"}} | 'b c\nfig/a.b-c\nmelon/a.b-c\n'",
        """
        {{json .}} | '{"Name":"fig","Weight":"20g"}
        {"Name":"melon","Weight":"1500g"}
        '\
        """,
      })
  void any_kind_of_row_can_be_shown(String format, String expected) {
    assertThat(ROWS.render(Format.of(format, false), FRUITS)).isEqualTo(expected);
  }

  @Test
  void colours_take_no_room_and_nobody_is_asked_without_a_tone() {
    Column<Fruit> weight =
        COLUMNS
            .coloured("Weight", fruit -> Optional.of(Tone.BAD).filter(_ -> fruit.weight() > 99))
            .get("Weight");
    assertThat(FRUITS.stream().map(weight::marked).map(cell -> Tone.show(cell, () -> true)))
        .containsExactly("20g", "\033[1;31m1500g\033[0m");
    assertThat(
            FRUITS.stream().map(weight::marked).map(cell -> TextWidth.of(cell, 0, cell.length())))
        .containsExactly(3, 5);
    assertThat(Tone.show(weight.marked(FRUITS.getLast()), () -> false)).isEqualTo("1500g");
    assertThat(
            Tone.show(
                weight.marked(FRUITS.getFirst()),
                () -> {
                  throw new AssertionError("nothing to colour");
                }))
        .isEqualTo("20g");
  }

  @Test
  void quiet_shows_the_first_raw_field() {
    assertThat(ROWS.render(Format.of("", true), FRUITS)).isEqualTo("fig\nmelon\n");
  }

  @Test
  void what_would_move_the_cursor_is_shown_in_a_table_as_findmnt_shows_it() {
    Fruit odd = new Fruit("f\n\tg\u001b[31m", 1);

    assertThat(ROWS.render(Format.of("table", false), List.of(odd)))
        .endsWith("1g        f\\x0a\\x09g\\x1b[31m\n");
    assertThat(ROWS.render(Format.of("{{.Name}}", false), List.of(odd)))
        .isEqualTo("f\n\tg\u001b[31m\n");
  }

  @Test
  void a_message_names_the_type_of_the_rows() {
    assertThatThrownBy(() -> ROWS.render(Format.of("{{.Colour}}", false), FRUITS))
        .isInstanceOf(TemplateException.Failed.class)
        .hasMessageEndingWith("can't evaluate field Colour in type *keg.Fruit");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "''       | 'WEIGHT    FRUIT\n'",
        "table    | 'WEIGHT    FRUIT\n'",
        "json     | ''",
        "raw      | ''",
        "{{.Name}}| ''",
        "{{.Nope}}| ''",
        "table {{.Name}}| 'FRUIT\n'",
        "table {{.Nope}}| '<no value>\n'",
      })
  void without_rows_a_table_has_only_its_header(String format, String expected) {
    assertThat(ROWS.render(Format.of(format, false), List.of())).isEqualTo(expected);
  }

  @Test
  void a_header_that_fails_is_shown_as_far_as_it_went() {
    Format format = Format.of("table {{.Name}} {{index (split .Name \"i\") 1}}", false);
    assertThat(ROWS.render(format, List.of(FRUITS.getFirst()))).isEqualTo("FRUIT 82\nfig g\n");
    Format tooLong = Format.of("table {{.Name}}:{{slice .Name 0 5}}{{slice .Name 4 6}}", false);
    assertThat(ROWS.render(tooLong, List.of(new Fruit("banana", 1))))
        .isEqualTo("FRUIT:FRUIT\nbanana:bananna\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"{{.Nope}}", "{{Nope}}", "table {{.Name}}{{.Nope}}", "{{"})
  void a_template_that_fails_prints_nothing(String format) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8);
    assertThatThrownBy(() -> ROWS.print(out, Format.of(format, false), FRUITS))
        .isInstanceOf(TemplateException.class);
    assertThat(bytes.size()).isZero();
  }

  @Test
  void the_bytes_are_utf_8_whatever_the_stream_was_made_for() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream out = new PrintStream(bytes, true, StandardCharsets.US_ASCII);
    ROWS.print(out, Format.of("{{truncate .Name 2}}", false), List.of(new Fruit("dé日", 1)));
    assertThat(bytes.toByteArray()).containsExactly('d', 0xC3, '\n');
    bytes.reset();
    ROWS.print(out, Format.of("", true), List.of(new Fruit("日", 1)));
    assertThat(bytes.toByteArray()).containsExactly(0xE6, 0x97, 0xA5, '\n');
  }

  @Test
  void a_declaration_cannot_name_an_unknown_column() {
    Rows<Fruit> wrong = new Rows<>(COLUMNS, List.of("Colour"), List.of("Name"));
    assertThatThrownBy(() -> wrong.render(new Format.Table(), FRUITS))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("no column Colour");
  }
}
