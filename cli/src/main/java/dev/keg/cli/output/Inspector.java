package dev.keg.cli.output;

import dev.keg.cli.json.Json;
import dev.keg.cli.template.GoText;
import dev.keg.cli.template.Struct;
import dev.keg.cli.template.TemplateException;
import dev.keg.cli.template.run.Template;
import java.io.PrintStream;
import java.util.ArrayList;
import java.util.List;

/**
 * Collects objects for {@code inspect}: an indented JSON array, a compact one for {@code json}, or
 * what a template makes of each. The text is written once, when all objects are known.
 */
public abstract sealed class Inspector {
  private Inspector() {}

  /**
   * For the text behind {@code --format}, empty if there is none.
   *
   * @throws TemplateException.Unparsable before anything is looked up
   */
  public static Inspector of(String format) {
    return switch (format) {
      case "" -> new Objects(true);
      case "json" -> new Objects(false);
      default -> new Texts(Template.parse(format));
    };
  }

  /** Only a template can name what docker does not have, and only then is it looked up. */
  public static boolean isTemplate(String format) {
    return !format.isEmpty() && !format.equals("json");
  }

  /**
   * Adds one object.
   *
   * @throws TemplateException.Failed if the template does not fit it; nothing of it is shown then
   */
  public abstract void add(Struct object);

  /** What there is to print so far, which is something even of nothing. */
  public abstract String text();

  public void print(PrintStream out) {
    out.writeBytes(GoText.bytes(text()));
  }

  private static final class Objects extends Inspector {
    private final boolean indented;
    private final List<Struct> objects = new ArrayList<>();

    Objects(boolean indented) {
      this.indented = indented;
    }

    @Override
    public void add(Struct object) {
      objects.add(object);
    }

    @Override
    public String text() {
      return (indented ? Json.indented(objects) : Json.compact(objects)) + "\n";
    }
  }

  private static final class Texts extends Inspector {
    private final Template template;
    private final StringBuilder texts = new StringBuilder();

    Texts(Template template) {
      this.template = template;
    }

    @Override
    public void add(Struct object) {
      texts.append(template.render(object)).append('\n');
    }

    @Override
    public String text() {
      return texts.isEmpty() ? "\n" : texts.toString();
    }
  }
}
