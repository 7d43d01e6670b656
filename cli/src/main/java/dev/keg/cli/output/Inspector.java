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
 * the output of a template for each. The text is written once all objects are known.
 */
public abstract sealed class Inspector {
  private Inspector() {}

  /**
   * For the value of {@code --format}, empty if there is none.
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

  /** Only a template can access fields that docker lacks, and only then are they looked up. */
  public static boolean isTemplate(String format) {
    return !format.isEmpty() && !format.equals("json");
  }

  /**
   * Adds an object.
   *
   * @throws TemplateException.Failed if the template does not fit it; then nothing of it is shown
   */
  public abstract void add(Struct object);

  /** The text so far, which is not empty even without objects. */
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
