package dev.keg.cli.info;

import dev.keg.cli.output.table.VisibleText;
import dev.keg.driver.DriverFactory;
import dev.keg.platform.SystemInfo.Program;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** {@link Info} for people: a line for each fact, or several lines below each other. */
final class InfoText {
  private static final String UNKNOWN = "not known on this system";
  private static final int WIDTH = 15;

  private final StringBuilder text = new StringBuilder();

  private InfoText() {}

  static String of(Info info) {
    return new InfoText().write(info);
  }

  private String write(Info info) {
    line("Version", info.version());
    line("Root", info.root() + info.volumes().map(InfoText::counted).orElse(" (unreadable)"));
    line("Host", (info.hostName() + " " + info.hostId()).strip());
    line("System", info.system().release().isEmpty() ? UNKNOWN : info.system().release());
    line("Kernel", info.system().kernel());
    line(
        "File systems",
        info.system().fileSystems().map(names -> String.join(", ", names)).orElse(UNKNOWN));
    programs(info.system().programs());
    drivers(info.drivers());
    lines(
        "Repositories",
        info.repositories().stream()
            .map(known -> known.location() + (known.trusted() ? " (trusted)" : "")));
    lines(
        "Environment",
        info.environment().entrySet().stream().map(set -> set.getKey() + "=" + set.getValue()));
    if (!info.problems().isEmpty()) {
      lines("Problems", info.problems().stream());
    }
    return text.toString();
  }

  private static String counted(int volumes) {
    return volumes == 1 ? " (1 volume)" : " (%d volumes)".formatted(volumes);
  }

  private void programs(List<Program> programs) {
    line("Programs", joined(programs.stream().filter(Program::installed).map(Program::name)));
    line(
        "Missing",
        joined(
            programs.stream()
                .filter(program -> !program.installed())
                .map(program -> "%s (%s)".formatted(program.name(), program.source()))));
  }

  private void drivers(List<DriverFactory> drivers) {
    List<String> available = new ArrayList<>();
    List<String> others = new ArrayList<>();
    for (DriverFactory driver : drivers) {
      Optional<String> why = driver.unmountable();
      if (why.isEmpty()) {
        available.add(driver.name());
      } else {
        others.add("%s (%s)".formatted(driver.name(), why.get()));
      }
    }
    line("Drivers", joined(available.stream()));
    line("Unavailable", joined(others.stream()));
  }

  private static String joined(Stream<String> words) {
    List<String> all = words.toList();
    return all.isEmpty() ? "none" : String.join(", ", all);
  }

  private void lines(String name, Stream<String> values) {
    List<String> all = values.toList();
    line(name, all.isEmpty() ? "none" : all.getFirst());
    all.stream().skip(1).forEach(value -> line("", value));
  }

  private void line(String name, String value) {
    String label = name.isEmpty() ? "" : name + ":";
    text.append(label).repeat(' ', WIDTH - label.length());
    text.append(VisibleText.line(value)).append('\n');
  }
}
