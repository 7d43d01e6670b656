package dev.keg.cli.option;

import dev.keg.cli.output.Result;
import dev.keg.cli.output.table.Format;
import dev.keg.cli.output.table.Rows;
import dev.keg.cli.session.Session;
import dev.keg.cli.session.WrongUse;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** How to show a list. */
public final class RowOptions {
  /** The options of this mixin. */
  public static final List<String> NAMES = List.of("--format", "--quiet");

  /** The formats with a name of every list. */
  public static final List<String> USUAL = List.of("json", "raw", "table");

  private final Function<Session, Rows<?>> rows;
  private final List<String> own;

  @Option(
      names = "--format",
      paramLabel = "string",
      defaultValue = "",
      description = "Format output: 'table', 'table TEMPLATE', 'json', 'raw' or a Go template")
  private String format;

  @Option(
      names = {"-q", "--quiet"},
      description = "Only display names or IDs")
  private boolean quiet;

  @Option(names = "--json", description = "Print JSON: an object with all fields for each line")
  private boolean json;

  /**
   * The options of a command that lists these rows.
   *
   * @param own formats that only the command itself understands
   */
  public RowOptions(Function<Session, Rows<?>> rows, String... own) {
    this.rows = rows;
    this.own = List.of(own);
  }

  /** The fields that a template may name. */
  public Collection<String> fields(Session session) {
    return rows.apply(session).columns().fields();
  }

  /** The formats with a name of this list. */
  public List<String> formats() {
    return Stream.concat(USUAL.stream(), own.stream()).toList();
  }

  public boolean given() {
    return quiet || json || !format.isEmpty();
  }

  public boolean hasFormat() {
    return !format.isEmpty();
  }

  /** Whether the format is this one of the command itself. */
  public boolean is(String word) {
    return format.equals(word);
  }

  public boolean quiet() {
    return quiet;
  }

  /** Prints the result of a command that can also list. */
  public void print(Session session, Result result) {
    session.streams().out().println(result.text(json));
  }

  public boolean json() {
    return json;
  }

  public Format format() {
    WrongUse.throwIf(
        json && (quiet || hasFormat()), "conflicting options: --json, and --format or --quiet");
    return json ? new Format.Document() : Format.of(format, quiet);
  }
}
