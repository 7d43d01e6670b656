package dev.keg.cli.output.table;

import dev.keg.cli.colour.Colours;
import dev.keg.cli.colour.Tone;
import dev.keg.cli.json.Json;
import dev.keg.cli.output.table.Columns.Column;
import dev.keg.cli.session.Session;
import dev.keg.cli.template.GoText;
import dev.keg.cli.template.TemplateException;
import dev.keg.cli.template.run.Template;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiFunction;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Shows rows of one kind in any {@link Format}: {@code table} are the fields of the default table,
 * {@code raw} those of the raw form, the first of which is the name for {@code --quiet}.
 */
public record Rows<T>(Columns<T> columns, List<String> table, List<String> raw) {
  public Rows {
    table = List.copyOf(table);
    raw = List.copyOf(raw);
  }

  /** Prints the result of {@link #render} in UTF-8, completely or not at all. */
  public void print(PrintStream out, Format format, Iterable<? extends T> rows) {
    out.writeBytes(GoText.bytes(render(format, rows)));
  }

  /** Prints the same; the default table is coloured if the session uses colours. */
  public void print(Session session, Format format, Iterable<? extends T> rows) {
    PrintStream out = session.streams().out();
    if (format instanceof Format.Table) {
      StringBuilder text = new StringBuilder();
      table(text, rows, Column::marked);
      Colours colours = new Colours(session.variables(), session::config);
      BooleanSupplier coloured = () -> colours.reach(session.terminal()::isOutput);
      out.writeBytes(GoText.bytes(Tone.show(text.toString(), coloured)));
    } else {
      print(out, format, rows);
    }
  }

  /**
   * The whole text.
   *
   * @throws TemplateException if the template is invalid or does not fit the rows
   */
  public String render(Format format, Iterable<? extends T> rows) {
    StringBuilder out = new StringBuilder();
    // No switch on types: its first use generates a class, which would take longer than the rest
    // here.
    if (format instanceof Format.Table) {
      table(out, rows, Column::cell);
    } else if (format instanceof Format.Names) {
      lines(out, columns.get(raw.getFirst()), rows);
    } else if (format instanceof Format.Json) {
      json(out, rows);
    } else if (format instanceof Format.Document) {
      documents(out, rows);
    } else if (format instanceof Format.Raw(boolean quiet)) {
      raw(out, quiet, rows);
    } else if (format instanceof Format.TemplateLines(String template)) {
      lines(out, Template.parse(template), rows);
    } else if (format instanceof Format.TemplateTable(String template)) {
      table(out, Template.parse(template), rows);
    }
    return out.toString();
  }

  private void table(
      StringBuilder out, Iterable<? extends T> rows, BiFunction<Column<T>, T, String> cell) {
    List<Column<T>> shown = table.stream().map(columns::get).toList();
    StringBuilder text = new StringBuilder();
    shown.forEach(column -> text.append(column.header()).append('\t'));
    endLine(text);
    for (T row : rows) {
      for (Column<T> column : shown) {
        text.append(cell.apply(column, row)).append('\t');
      }
      endLine(text);
    }
    Tabulator.append(out, text.toString());
  }

  /** Replaces the last tab of a line by its end. */
  private static void endLine(StringBuilder text) {
    text.setCharAt(text.length() - 1, '\n');
  }

  private void lines(StringBuilder out, Column<T> column, Iterable<? extends T> rows) {
    for (T row : rows) {
      out.append(column.value().apply(row)).append('\n');
    }
  }

  private void json(StringBuilder out, Iterable<? extends T> rows) {
    List<Column<T>> sorted = new ArrayList<>();
    columns.all().forEach(sorted::add);
    sorted.sort(Comparator.comparing(Column::field));
    List<String> keys = sorted.stream().map(column -> ",\"" + column.field() + "\":").toList();
    for (T row : rows) {
      int start = out.length();
      for (int i = 0; i < keys.size(); i++) {
        Json.appendString(out.append(keys.get(i)), sorted.get(i).value().apply(row));
      }
      out.setCharAt(start, '{');
      out.append("}\n");
    }
  }

  private void documents(StringBuilder out, Iterable<? extends T> rows) {
    for (T row : rows) {
      SortedMap<String, @Nullable Object> fields = new TreeMap<>();
      columns.all().forEach(column -> fields.put(column.field(), column.typed().apply(row)));
      out.append(Json.compact(fields)).append('\n');
    }
  }

  private void raw(StringBuilder out, boolean quiet, Iterable<? extends T> rows) {
    List<Column<T>> shown =
        raw.subList(0, quiet ? 1 : raw.size()).stream().map(columns::get).toList();
    for (T row : rows) {
      for (Column<T> column : shown) {
        out.append(column.field().toLowerCase(Locale.ROOT)).append(": ");
        out.append(column.value().apply(row)).append('\n');
      }
      out.append(quiet ? "" : "\n");
    }
  }

  private void lines(StringBuilder out, Template template, Iterable<? extends T> rows) {
    for (T row : rows) {
      template.renderTo(out, new RowData<>(columns, row));
      out.append('\n');
    }
  }

  private void table(StringBuilder out, Template template, Iterable<? extends T> rows) {
    StringBuilder body = new StringBuilder();
    lines(body, template, rows);
    Tabulator.append(out, header(template).append('\n').append(body).toString());
  }

  private StringBuilder header(Template template) {
    StringBuilder header = new StringBuilder();
    try {
      template.forHeader().renderTo(header, new HeaderData(columns));
    } catch (TemplateException.Failed _) {
      // A template can fit the rows but not the header. Docker shows the output so far.
    }
    return header;
  }
}
