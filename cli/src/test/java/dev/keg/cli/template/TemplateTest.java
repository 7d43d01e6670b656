package dev.keg.cli.template;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.keg.cli.DockerCase;
import dev.keg.cli.DockerCase.Result;
import dev.keg.cli.template.TemplateException.Failed;
import dev.keg.cli.template.TemplateException.Unparsable;
import dev.keg.cli.template.run.Template;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

public class TemplateTest {
  private static final String PREFIX = "template parsing error: ";

  static List<DockerCase> dockerCases() {
    return DockerCase.all(TemplateTest.class, "docker.txt");
  }

  @ParameterizedTest
  @MethodSource("dockerCases")
  void a_template_does_what_it_does_in_docker(DockerCase expected) {
    DockerCase actual = rendered(expected);
    assertThat(actual.text()).isEqualTo(expected.text());
    assertThat(actual.result()).isEqualTo(expected.result());
  }

  private static DockerCase rendered(DockerCase example) {
    try {
      String output = Template.parse(example.format()).render(SampleVolume.INSTANCE);
      return example.ending(Result.OUTPUT, output);
    } catch (Failed e) {
      return example.ending(Result.FAILED, withoutPrefix(e));
    } catch (Unparsable e) {
      return example.ending(Result.UNPARSABLE, withoutPrefix(e));
    }
  }

  private static String withoutPrefix(TemplateException e) {
    assertThat(e).hasMessageStartingWith(PREFIX);
    return String.valueOf(e.getMessage()).substring(PREFIX.length());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '§',
      value = {
        "{{call .Name}}          § :1:2: call",
        "{{.Name}} {{html .Name}}§ :1:12: html",
        "é{{js .Name}}           § :1:4: js",
        "{{.Name | urlquery}}    § :1:10: urlquery",
        "{{define \"x\"}}{{end}} § :1:2: define",
        "{{template \"x\"}}       § :1:2: template",
        "{{block \"x\" .}}{{end}}§ :1:2: block",
        "{{if .Name}}{{block \"x\" .}}{{end}}{{end}} § :1:14: block",
      })
  void what_is_left_out_is_named_with_its_column(String template, String wordAndPlace) {
    assertThatThrownBy(() -> Template.parse(template))
        .isInstanceOf(Unparsable.class)
        .hasMessage(PREFIX + "template: " + wordAndPlace + " is not supported");
  }

  @ParameterizedTest
  @CsvSource({"(,1,),expression", "{{if 1}},x,{{end}},block"})
  void nesting_has_a_limit_instead_of_an_overflow(
      String open, String inner, String close, String what) {
    String nested = open.repeat(100_000) + inner + close.repeat(100_000);
    assertThatThrownBy(() -> Template.parse(open.startsWith("{{") ? nested : "{{" + nested + "}}"))
        .isInstanceOf(Unparsable.class)
        .hasMessageContaining("max " + what + " depth exceeded");
  }

  @Test
  void deep_but_sane_nesting_works() {
    String deep = "{{" + "(".repeat(200) + "print 1" + ")".repeat(200) + "}}";
    assertThat(Template.parse(deep).render(null)).isEqualTo("1");
  }

  @Test
  void a_template_can_be_rendered_many_times() {
    Template template = Template.parse("{{$x := .}}{{if $x}}{{$x = 2}}{{end}}{{$x}}");
    assertThat(template.render("a")).isEqualTo("2");
    assertThat(template.render("")).isEmpty();
    assertThat(template.render("b")).isEqualTo("2");
  }

  @Test
  void what_was_rendered_before_a_failure_is_kept() {
    StringBuilder out = new StringBuilder();
    Template template = Template.parse("{{.Name}} {{.Bogus}} {{.Name}}");
    assertThatThrownBy(() -> template.renderTo(out, SampleVolume.INSTANCE))
        .isInstanceOf(Failed.class);
    assertThat(out).hasToString("v1 ");
  }

  @ParameterizedTest
  @ValueSource(strings = {"upper", "lower", "title", "json"})
  void in_a_header_a_function_on_text_changes_nothing(String function) {
    Template template =
        Template.parse("{{" + function + " .Name}}|{{pad .Name 1 1}}|{{len .Name}}");
    assertThat(template.forHeader().render(new Headers()))
        .isEqualTo("Volume nAME| Volume nAME |11");
  }

  @Test
  void in_a_header_split_join_and_truncate_change_nothing() {
    Template template = Template.parse("{{join (split .Name \" \") \"-\"}}{{truncate .Name 2}}");
    assertThat(template.forHeader().render(new Headers())).isEqualTo("Volume nAMEVolume nAME");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '§',
      value = {
        "{{.Bogus}}             § <no value>",
        "{{.Bogus.x}}           § <no value>",
        "{{.Label \"a\"}}       § a!",
        "{{\"b\" | .Label}}     § b!",
        "{{.}}                  § map[Name:Volume nAME]",
      })
  void a_map_with_methods_has_every_field(String template, String expected) {
    assertThat(Template.parse(template).render(new Headers())).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '§',
      value = {
        "{{.Label}}       § :1:2: executing \"\" at <.Label>: wrong number of args for Label: want"
            + " 1 got 0",
        "{{.Label 1}}     § :1:9: executing \"\" at <1>: expected string; found 1",
        "{{.Label nil}}   § :1:9: executing \"\" at <nil>: cannot assign nil to string",
        "{{.Label .Nope}} § :1:9: executing \"\" at <.Nope>: invalid value; expected string",
        "{{.Label \"a\" \"b\"}} § :1:2: executing \"\" at <.Label>: wrong number of args for Label:"
            + " want 1 got 2",
        "{{.Name \"a\"}}  § :1:2: executing \"\" at <.Name>: Name is not a method but has"
            + " arguments",
      })
  void a_method_is_as_strict_as_a_function(String template, String message) {
    assertThatThrownBy(() -> Template.parse(template).render(new Headers()))
        .isInstanceOf(Failed.class)
        .hasMessage(PREFIX + "template: " + message);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '§',
      value = {
        "{{.Usage}}                   § {2 1234567}",
        "{{.Usage.Size}}              § 1234567",
        "{{println .Usage}}           § '&{2 1234567}\n'",
        "{{printf \"%+v\" .Usage}}    § &{RefCount:2 Size:1234567}",
        "{{printf \"%#v\" .Usage}}    § &volume.UsageData{RefCount:2, Size:1234567}",
        "{{printf \"%s\" .Usage.Size}}§ %!s(int64=1234567)",
        "{{printf \"%T\" .Usage}}     § *volume.UsageData",
        "{{json .Usage}}              § '{\"RefCount\":2,\"Size\":1234567}'",
        "{{if .Usage}}yes{{end}}      § yes",
        "{{with .Usage}}{{.RefCount}}{{end}} § 2",
        "{{eq .Usage.RefCount 2}}     § true",
        "{{eq .Usage .Usage}}         § true",
        "{{eq .Usage nil}}            § false",
        "{{lt .Usage.RefCount 3}}     § true",
        "{{range .Usage.RefCount}}{{printf \"%T \" .}}{{end}}§ 'int64 int64 '",
      })
  void a_pointer_to_a_struct_is_followed(String template, String expected) {
    assertThat(Template.parse(template).render(withUsage())).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '§',
      value = {
        "{{.Usage.Bogus}}      § :1:8: executing \"\" at <.Usage.Bogus>: can't evaluate field Bogus"
            + " in type *volume.UsageData",
        "{{len .Usage}}        § :1:2: executing \"\" at <len .Usage>: error calling len: len of"
            + " type volume.UsageData",
        "{{truncate \"a\" .Usage.Size}} § :1:21: executing \"\" at <.Usage.Size>: wrong type for"
            + " value; expected int; got int64",
      })
  void a_pointer_to_a_struct_fails_as_one(String template, String message) {
    assertThatThrownBy(() -> Template.parse(template).render(withUsage()))
        .isInstanceOf(Failed.class)
        .hasMessage(PREFIX + "template: " + message);
  }

  @Test
  void a_text_cut_inside_a_character_comes_out_byte_for_byte() {
    String cut = Template.parse("{{truncate \"héllo\" 2}}|{{slice \"é\" 1 2}}").render(null);
    assertThat(GoText.bytes(cut)).containsExactly('h', 0xC3, '|', 0xA9);
  }

  @Test
  void a_text_cut_and_joined_again_is_whole() {
    String joined = Template.parse("{{slice \"é\" 0 1}}{{slice \"é\" 1 2}}").render(null);
    assertThat(new String(GoText.bytes(joined), StandardCharsets.UTF_8)).isEqualTo("é");
  }

  private static Struct withUsage() {
    SequencedMap<String, Object> usage = new LinkedHashMap<>();
    usage.put("RefCount", 2L);
    usage.put("Size", 1234567L);
    SequencedMap<String, Object> volume = new LinkedHashMap<>();
    volume.put("Usage", new Plain("*volume.UsageData", usage));
    return new Plain("volume.Volume", volume);
  }

  private record Plain(String type, SequencedMap<String, Object> fields) implements Struct {}

  /** A header in docker's form. */
  private record Headers() implements Struct {
    @Override
    public String type() {
      return "formatter.SubHeaderContext";
    }

    @Override
    public SequencedMap<String, String> fields() {
      return new LinkedHashMap<>(Map.of("Name", "Volume nAME"));
    }

    @Override
    public boolean isMap() {
      return true;
    }

    @Override
    public @Nullable Method method(String name) {
      return name.equals("Label") ? new Method(1, keys -> keys.getFirst() + "!") : null;
    }
  }
}
