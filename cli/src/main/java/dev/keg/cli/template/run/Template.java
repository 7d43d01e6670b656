package dev.keg.cli.template.run;

import dev.keg.cli.template.TemplateException;
import dev.keg.cli.template.parse.BlockParser;
import dev.keg.cli.template.parse.Node.Statement;
import dev.keg.cli.template.parse.Source;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A parsed template; it can be rendered any number of times. */
public final class Template {
  private final Source source;
  private final List<Statement> statements;
  private final Functions functions;

  private Template(Source source, List<Statement> statements, Functions functions) {
    this.source = source;
    this.statements = statements;
    this.functions = functions;
  }

  /**
   * Parses the text of a template.
   *
   * @throws TemplateException.Unparsable with the line
   */
  public static Template parse(String text) {
    Source source = new Source(text);
    return new Template(source, BlockParser.parse(source, Functions::exists), Functions.ROW);
  }

  /**
   * The same for the header of a table: functions such as {@code upper} leave its words unchanged.
   */
  public Template forHeader() {
    return new Template(source, statements, Functions.HEADER);
  }

  /**
   * Renders the data.
   *
   * @throws TemplateException.Failed with line, column and the failed part
   */
  public String render(@Nullable Object data) {
    StringBuilder out = new StringBuilder();
    renderTo(out, data);
    return out.toString();
  }

  /** As {@link #render}; after a failure, {@code out} keeps the text rendered before. */
  public void renderTo(StringBuilder out, @Nullable Object data) {
    new Evaluation(out, new Expressions(source, functions, data)).run(statements, data);
  }
}
