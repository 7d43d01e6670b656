package dev.keg.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.PrettyPrinter;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import com.fasterxml.jackson.core.util.Separators;
import dev.keg.json.JsonDocument.InvalidDocument;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A JSON object to write, with its members in the order of the calls. */
public final class JsonObject {
  private static final JsonFactory FACTORY = new JsonFactory();

  private final Map<String, Object> members = new LinkedHashMap<>();

  /** Begins a document of this schema for {@link JsonDocument}. */
  public static JsonObject ofSchema(long schema) {
    return new JsonObject().put(JsonDocument.SCHEMA, schema);
  }

  public JsonObject put(String name, String text) {
    return add(name, text);
  }

  public JsonObject put(String name, long number) {
    return add(name, number);
  }

  public JsonObject put(String name, boolean truth) {
    return add(name, truth);
  }

  public JsonObject put(String name, JsonObject object) {
    return add(name, object.members);
  }

  /** Puts a map of texts. */
  public JsonObject put(String name, Map<String, String> texts) {
    return add(name, texts);
  }

  public JsonObject texts(String name, List<String> texts) {
    return add(name, texts);
  }

  public JsonObject objects(String name, List<JsonObject> objects) {
    return add(name, objects.stream().map(object -> object.members).toList());
  }

  /** Puts the number unless it is zero. */
  public JsonObject unlessZero(String name, long number) {
    return number == 0 ? this : put(name, number);
  }

  /** Puts {@code true}, or nothing. */
  public JsonObject ifTrue(String name, boolean truth) {
    return truth ? put(name, true) : this;
  }

  /** Adds all members of the other object. */
  public JsonObject and(JsonObject more) {
    members.putAll(more.members);
    return this;
  }

  public boolean isEmpty() {
    return members.isEmpty();
  }

  private JsonObject add(String name, Object value) {
    members.put(name, value);
    return this;
  }

  /** The object on one line, with a newline. */
  public String line() {
    return text(null);
  }

  /** The object on many lines, indented by two spaces. */
  public String pretty() {
    return text(
        new DefaultPrettyPrinter(
                Separators.createDefaultInstance()
                    .withObjectFieldValueSpacing(Separators.Spacing.AFTER)
                    .withArrayEmptySeparator("")
                    .withObjectEmptySeparator(""))
            .withObjectIndenter(new DefaultIndenter("  ", "\n")));
  }

  private String text(@Nullable PrettyPrinter printer) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      json.setPrettyPrinter(printer);
      write(json, members);
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
    return text + "\n";
  }

  /** As {@link #line()}, in UTF-8. */
  public byte[] bytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator json = FACTORY.createGenerator(bytes)) {
      write(json, members);
    } catch (IOException e) {
      throw new IllegalStateException("writing to memory failed", e);
    }
    bytes.write('\n');
    return bytes.toByteArray();
  }

  // Not a switch over types, which generates classes when it first runs.
  private static void write(JsonGenerator json, Object value) throws IOException {
    if (value instanceof Map<?, ?> map) {
      json.writeStartObject();
      for (Map.Entry<?, ?> entry : map.entrySet()) {
        json.writeFieldName(String.valueOf(entry.getKey()));
        write(json, entry.getValue());
      }
      json.writeEndObject();
    } else if (value instanceof List<?> list) {
      json.writeStartArray();
      for (Object element : list) {
        write(json, element);
      }
      json.writeEndArray();
    } else if (value instanceof Boolean truth) {
      json.writeBoolean(truth);
    } else if (value instanceof Long number) {
      json.writeNumber(number);
    } else {
      json.writeString(value.toString());
    }
  }

  /**
   * Parses an object that another program wrote: objects are maps, arrays are lists, numbers are
   * texts, and nulls are left out. The message of the exception quotes none of the text, which may
   * be secret.
   */
  public static Map<String, Object> parse(byte[] text) throws InvalidDocument {
    return parse(text, JsonToken.START_OBJECT, "it is not a JSON object", JsonObject::map);
  }

  /** Parses an array in the same way. */
  public static List<Object> parseList(byte[] text) throws InvalidDocument {
    return parse(text, JsonToken.START_ARRAY, "it is not a JSON array", JsonObject::list);
  }

  private interface Rest<T> {
    T read(JsonParser json) throws IOException;
  }

  private static <T> T parse(byte[] text, JsonToken first, String otherwise, Rest<T> rest)
      throws InvalidDocument {
    try (JsonParser json = FACTORY.createParser(text)) {
      if (json.nextToken() != first) {
        throw new InvalidDocument(otherwise);
      }
      return rest.read(json);
    } catch (InvalidDocument e) {
      throw e;
    } catch (IOException _) {
      // Also text that is not valid UTF-16 or UTF-32.
      throw new InvalidDocument(otherwise);
    }
  }

  private static Object value(JsonParser json) throws IOException {
    return switch (json.currentToken()) {
      case START_OBJECT -> map(json);
      case START_ARRAY -> list(json);
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      default -> json.getText();
    };
  }

  private static Map<String, Object> map(JsonParser json) throws IOException {
    Map<String, Object> map = new LinkedHashMap<>();
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String key = json.currentName();
      if (json.nextToken() != JsonToken.VALUE_NULL) {
        map.put(key, value(json));
      }
    }
    return map;
  }

  private static List<Object> list(JsonParser json) throws IOException {
    List<Object> list = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      list.add(value(json));
    }
    return list;
  }
}
