package dev.keg.cli.template;

import dev.keg.cli.template.run.Template;
import dev.keg.fixtures.fuzz.FuzzTarget;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Templates of {@code --format}. */
public final class TemplateFuzz implements FuzzTarget {
  @Override
  public List<byte[]> seeds() {
    return Stream.of(
            "{{.Name}}\t{{index .Labels \"a\"}}",
            "{{range $k, $v := .Labels}}{{$k}}={{printf \"%5.2q|%-3d|%x\" $v 3"
                + " $v}}{{else}}-{{end}}",
            "{{with .Labels}}{{len .}}{{end}}{{if and .Name (eq 1 1)}}{{json .}}{{end}}")
        .map(text -> text.getBytes(StandardCharsets.UTF_8))
        .toList();
  }

  @Override
  public void read(byte[] input) {
    try {
      var _ =
          Template.parse(new String(input, StandardCharsets.UTF_8))
              .render(
                  new TreeMap<>(Map.of("Name", "db", "Labels", new TreeMap<>(Map.of("a", "b")))));
    } catch (TemplateException _) {
      return;
    }
  }
}
