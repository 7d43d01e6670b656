package dev.keg.render;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.PrettyPrinter;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import java.io.IOException;
import java.io.StringWriter;
import org.jspecify.annotations.Nullable;

/** JSON as text; an object is what a {@link Body} writes between its braces. */
final class JsonText {
  private static final JsonFactory FACTORY = new JsonFactory();

  private JsonText() {}

  /** The members of an object. */
  @FunctionalInterface
  interface Body {
    Body NONE = _ -> {};

    void write(JsonGenerator json) throws IOException;

    default Body and(Body more) {
      return json -> {
        write(json);
        more.write(json);
      };
    }
  }

  /** On many lines. */
  static String pretty(Body body) {
    return text(body, pretty());
  }

  private static PrettyPrinter pretty() {
    return new DefaultPrettyPrinter(
            Separators.createDefaultInstance()
                .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                .withArrayEmptySeparator("")
                .withObjectEmptySeparator(""))
        .withObjectIndenter(new DefaultIndenter("  ", "\n"));
  }

  /** On one line. */
  static String line(Body body) {
    return text(body, null);
  }

  private static String text(Body body, @Nullable PrettyPrinter printer) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      json.setPrettyPrinter(printer);
      object(json, body);
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
    return text + "\n";
  }

  static void object(JsonGenerator json, Body body) throws IOException {
    json.writeStartObject();
    body.write(json);
    json.writeEndObject();
  }

  static Body member(String name, Body body) {
    return json -> {
      json.writeFieldName(name);
      object(json, body);
    };
  }

  static Body member(String name, String value) {
    return json -> json.writeStringField(name, value);
  }

  static Body member(String name, int value) {
    return json -> json.writeNumberField(name, value);
  }

  /** The member, unless it is zero. */
  static Body unlessZero(String name, int value) {
    return value == 0 ? Body.NONE : member(name, value);
  }

  /** The member, unless it is false. */
  static Body ifTrue(String name, boolean value) {
    return value ? json -> json.writeBooleanField(name, true) : Body.NONE;
  }

  /** A list of objects. */
  static Body objects(String name, Iterable<Body> bodies) {
    return json -> {
      json.writeArrayFieldStart(name);
      for (Body body : bodies) {
        object(json, body);
      }
      json.writeEndArray();
    };
  }

  static Body texts(String name, Iterable<String> texts) {
    return json -> {
      json.writeArrayFieldStart(name);
      for (String text : texts) {
        json.writeString(text);
      }
      json.writeEndArray();
    };
  }
}
