package dev.keg.cli.manual;

import dev.keg.cli.help.Guide;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * The manual: names, flags and examples from the commands, descriptions from the reference, the
 * formats from their pages.
 */
public final class ManualPages {
  /** The date of the last relevant change; pages must not differ from day to day. */
  private static final String DATE = "November 28, 2026";

  /** The limit of a strict reader. */
  private static final int LONGEST_LINE = 80;

  private static final List<String> OF_ALL =
      List.of("Environment", "Exit status", "Filters", "Formats", "Drivers");

  private final Path docs;
  private final CommandLine keg;
  private final Map<String, List<Block>> reference;

  public ManualPages(Path docs, CommandLine keg) throws IOException {
    this.docs = docs;
    this.keg = keg;
    reference = sections(Markdown.read(Files.readAllLines(docs.resolve("reference.md"))));
  }

  /** The text of each page by its file. */
  public SortedMap<String, String> all() throws IOException {
    SortedMap<String, String> pages = new TreeMap<>();
    pages.put("man1/keg.1", ofKeg());
    for (CommandSpec command : commands()) {
      pages.put("man1/keg-" + command.name() + ".1", of(command));
    }
    pages.put(
        "man5/keg-backup.5",
        of("keg-backup", 5, "archives and repositories of Keg", "backup-format.md"));
    pages.put("man7/keg-volumes.7", of("keg-volumes", 7, "the registry of Keg", "registry.md"));
    return pages;
  }

  private List<CommandSpec> commands() {
    return keg.getSubcommands().values().stream()
        .map(CommandLine::getCommandSpec)
        .filter(command -> !command.usageMessage().hidden())
        .distinct()
        .sorted(Comparator.comparing(CommandSpec::name))
        .toList();
  }

  /** The content below each heading of the second level. */
  private static Map<String, List<Block>> sections(List<Block> blocks) {
    Map<String, List<Block>> sections = new TreeMap<>();
    List<Block> current = new ArrayList<>();
    for (Block block : blocks) {
      if (block instanceof Block.Heading(int level, String text) && level == 2) {
        current = new ArrayList<>();
        sections.put(text, current);
      } else {
        current.add(block);
      }
    }
    return sections;
  }

  private String ofKeg() {
    CommandSpec spec = keg.getCommandSpec();
    Mdoc page = begin("keg", 1, header(spec));
    page.section("Synopsis").macro("Nm").raw(synopsis("[OPTIONS] COMMAND"));
    page.section("Description")
        .text("Keg manages persistent volumes for containers and virtual machines.")
        .text("Each command reads a registry of plain files, does its work and exits.")
        .text("Its commands are:")
        .macro("Bl -tag -width Ds");
    for (CommandSpec command : commands()) {
      page.macro("It Xr keg-" + command.name() + " 1").plain(header(command));
    }
    page.macro("El");
    options(page, flags(spec));
    for (String section : OF_ALL) {
      // A strict reader takes FILTERS for a misspelt FILES.
      page.section(section.equals("Filters") ? "Selecting volumes" : section)
          .blocks(reference.getOrDefault(section, List.of()));
    }
    return seeAlso(
        page, commands().stream().map(command -> "keg-" + command.name() + " 1").toList());
  }

  private String of(CommandSpec command) {
    String name = "keg-" + command.name();
    Mdoc page = begin(name, 1, header(command));
    String usage = String.join("", command.usageMessage().customSynopsis());
    String arguments = usage.substring(command.qualifiedName().length()).strip();
    page.section("Synopsis").macro("Nm " + command.qualifiedName());
    if (!arguments.isEmpty()) {
      page.raw(synopsis(arguments));
    }
    page.section("Description").blocks(description(command));
    if (command.aliases().length > 0) {
      page.macro("Pp")
          .text("Other names: `keg " + String.join("`, `keg ", command.aliases()) + "`.");
    }
    options(page, flags(command).stream().filter(flag -> !flag.inherited()).toList());
    page.text("`keg`(1) lists the flags that every command takes.");
    page.section("Exit status").text("0 on success; `keg`(1) lists the other values.");
    List<String> examples =
        Guide.to(command.name()).examples().stream()
            .flatMap(example -> Stream.of(example.line(), "    " + example.meaning()))
            .toList();
    if (!examples.isEmpty()) {
      page.section("Examples").literal(examples);
    }
    return seeAlso(page, List.of("keg 1", "keg-backup 5", "keg-volumes 7"));
  }

  /** The prose of the reference: its usage and flags have separate sections here. */
  private List<Block> description(CommandSpec command) {
    List<Block> section =
        reference.getOrDefault("keg " + command.name(), List.of(new Block.Paragraph("")));
    return section.stream()
        .skip(1)
        .filter(block -> !(block instanceof Block.Table table && isFlags(table)))
        .toList();
  }

  private static boolean isFlags(Block.Table table) {
    return table.rows().getFirst().equals(List.of("flag", "meaning"));
  }

  private String of(String name, int section, String what, String file) throws IOException {
    List<Block> blocks = Markdown.read(Files.readAllLines(docs.resolve(file)));
    Mdoc page = begin(name, section, what);
    page.section("Description").blocks(blocks.subList(1, blocks.size()));
    return seeAlso(page, List.of("keg 1"));
  }

  private static Mdoc begin(String name, int section, String what) {
    return new Mdoc()
        .macro("\\\" Made by ManualTest of the model of the commands and of cli/docs.")
        .macro("Dd " + DATE)
        .macro("Dt " + name.toUpperCase(Locale.ROOT) + " " + section)
        .macro("Os")
        .section("Name")
        .macro("Nm " + name)
        .macro("Nd " + Mdoc.inline(what));
  }

  private static String header(CommandSpec command) {
    return String.join(" ", command.usageMessage().header());
  }

  private static String synopsis(String usage) {
    String line = Mdoc.code(usage).replaceAll("[A-Z][A-Z_]+", "\\\\fI$0\\\\fP");
    return line.length() > LONGEST_LINE ? line.replace(" | ", "\n| ") : line;
  }

  private static List<OptionSpec> flags(CommandSpec command) {
    return command.options().stream()
        .filter(flag -> !flag.hidden())
        .sorted(Comparator.comparing(OptionSpec::longestName))
        .toList();
  }

  private static void options(Mdoc page, List<OptionSpec> flags) {
    page.section("Options");
    if (flags.isEmpty()) {
      return;
    }
    page.macro("Bl -tag -width Ds");
    for (OptionSpec flag : flags) {
      String names =
          Arrays.stream(flag.names())
              .sorted(Comparator.comparing(String::length))
              .map(name -> "Fl " + Mdoc.code(name.substring(1)))
              .collect(Collectors.joining(" , "));
      String label = flag.arity().max() == 0 ? "" : " Ar " + Mdoc.code(flag.paramLabel());
      page.macro("It " + names + label).plain(String.join(" ", flag.description()));
    }
    page.macro("El");
  }

  private static String seeAlso(Mdoc page, List<String> others) {
    page.section("See also");
    for (int i = 0; i < others.size(); i++) {
      page.macro("Xr " + others.get(i) + (i < others.size() - 1 ? " ," : ""));
    }
    return page.macro("Pp")
        .text("The pages in")
        .macro("Pa /usr/share/doc/keg/docs")
        .text("begin with first steps and have recipes.")
        .page();
  }
}
