package dev.keg.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.io.JsonEOFException;
import dev.keg.error.RegistryException.NewerSchema;
import dev.keg.file.FileFailures;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A small JSON object that Keg wrote: the schema first, then texts, numbers, booleans, maps of
 * texts, and lists of texts or of such objects. Reading is strict: a missing, unknown, repeated or
 * wrongly typed field is refused.
 */
public final class JsonDocument {
  private static final JsonFactory FACTORY = new JsonFactory();
  static final String SCHEMA = "schema";

  private final long schema;
  private final Map<String, Object> fields;

  private JsonDocument(long schema, Map<String, Object> fields) {
    this.schema = schema;
    this.fields = fields;
  }

  /**
   * Initialises the parser, for which Java calculates powers of five with up to 150,000 bits: on
   * another thread, that does not delay the first document.
   */
  public static void prepare() {
    try {
      FACTORY.createParser(new byte[0]).close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Reads one object of this schema or an older one and the white space after it. A newer schema
   * may have other fields, so only the schema is read then.
   */
  public static JsonDocument read(Path file, long schema, byte[] bytes) throws InvalidDocument {
    return read(file.toString(), schema, bytes);
  }

  /** As {@link #read(Path, long, byte[])}, for a document that is not a file. */
  public static JsonDocument read(String file, long schema, byte[] bytes) throws InvalidDocument {
    try (JsonParser parser = FACTORY.createParser(bytes)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new InvalidDocument(bytes.length == 0 ? "it is empty" : "it is not a JSON object");
      }
      JsonDocument document = fields(readSchema(parser, file, schema), parser);
      requireNew(SCHEMA, document.fields.get(SCHEMA));
      if (parser.nextToken() != null) {
        throw new InvalidDocument("there is text after the JSON object");
      }
      return document;
    } catch (JsonEOFException e) {
      throw new InvalidDocument("it is cut off");
    } catch (JsonParseException e) {
      throw new InvalidDocument(
          "line %d, column %d: %s"
              .formatted(
                  e.getLocation().getLineNr(),
                  e.getLocation().getColumnNr(),
                  e.getOriginalMessage()));
    } catch (InvalidDocument e) {
      throw e;
    } catch (IOException e) {
      throw new InvalidDocument(FileFailures.reason(e));
    }
  }

  private static long readSchema(JsonParser parser, String file, long known) throws IOException {
    if (parser.nextToken() != JsonToken.FIELD_NAME || !parser.currentName().equals(SCHEMA)) {
      throw new InvalidDocument("its first field is not \"schema\"");
    }
    if (parser.nextToken() != JsonToken.VALUE_NUMBER_INT) {
      throw new InvalidDocument("its schema is not a number");
    }
    long schema = parser.getLongValue();
    if (schema > known) {
      throw new NewerSchema(file, schema, known);
    }
    return schema;
  }

  private static JsonDocument fields(long schema, JsonParser parser) throws IOException {
    Map<String, Object> fields = new LinkedHashMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String name = parser.currentName();
      requireNew(name, fields.put(name, value(parser)));
    }
    return new JsonDocument(schema, fields);
  }

  private static Object value(JsonParser parser) throws IOException {
    String name = parser.currentName();
    return switch (token(parser)) {
      case VALUE_STRING -> parser.getText();
      case VALUE_NUMBER_INT -> parser.getLongValue();
      case VALUE_TRUE -> true;
      case VALUE_FALSE -> false;
      case START_OBJECT -> texts(name, parser);
      case START_ARRAY -> list(name, parser);
      default -> throw new InvalidDocument("field \"" + name + "\" has an unexpected value");
    };
  }

  // A separate method because a switch with a null case generates classes when it first runs.
  private static JsonToken token(JsonParser parser) throws IOException {
    JsonToken token = parser.nextToken();
    if (token == null) {
      throw new InvalidDocument("it is cut off");
    }
    return token;
  }

  // Objects in a list are simple: lists do not nest.
  private static List<Object> list(String name, JsonParser parser) throws IOException {
    List<Object> list = new ArrayList<>();
    for (JsonToken token = token(parser); token != JsonToken.END_ARRAY; token = token(parser)) {
      switch (token) {
        case VALUE_STRING -> list.add(parser.getText());
        case START_OBJECT -> list.add(fields(0, parser));
        default -> throw new InvalidDocument("list \"" + name + "\" has an unexpected value");
      }
    }
    return list;
  }

  private static SortedMap<String, String> texts(String name, JsonParser parser)
      throws IOException {
    SortedMap<String, String> map = new TreeMap<>();
    while (parser.nextToken() == JsonToken.FIELD_NAME) {
      String key = parser.currentName();
      if (parser.nextToken() != JsonToken.VALUE_STRING) {
        throw new InvalidDocument("\"%s\" in \"%s\" is not a text".formatted(key, name));
      }
      requireNew(key, map.put(key, parser.getText()));
    }
    return map;
  }

  private static void requireNew(String name, @Nullable Object previous) throws InvalidDocument {
    if (previous != null) {
      throw new InvalidDocument("field \"" + name + "\" occurs twice");
    }
  }

  /** The schema of a file; objects in a list have none. */
  public long schema() {
    return schema;
  }

  public String text(String field) throws InvalidDocument {
    return take(field, String.class);
  }

  public Optional<String> optionalText(String field) throws InvalidDocument {
    return fields.containsKey(field) ? Optional.of(text(field)) : Optional.empty();
  }

  public long number(String field) throws InvalidDocument {
    return take(field, Long.class);
  }

  /** Whether an optional field is there. */
  public boolean has(String field) {
    return fields.containsKey(field);
  }

  public boolean truth(String field) throws InvalidDocument {
    return take(field, Boolean.class);
  }

  @SuppressWarnings("unchecked") // value() makes no other maps
  public SortedMap<String, String> map(String field) throws InvalidDocument {
    return (SortedMap<String, String>) take(field, SortedMap.class);
  }

  /** The map, or an empty one if the field is missing. */
  public SortedMap<String, String> optionalMap(String field) throws InvalidDocument {
    return fields.containsKey(field) ? map(field) : Collections.emptySortedMap();
  }

  public List<String> texts(String field) throws InvalidDocument {
    return elements(field, String.class);
  }

  public List<JsonDocument> documents(String field) throws InvalidDocument {
    return elements(field, JsonDocument.class);
  }

  private <T> List<T> elements(String field, Class<T> type) throws InvalidDocument {
    List<T> elements = new ArrayList<>();
    for (Object element : take(field, List.class)) {
      if (!type.isInstance(element)) {
        throw new InvalidDocument("list \"" + field + "\" has an unexpected value");
      }
      elements.add(type.cast(element));
    }
    return elements;
  }

  private <T> T take(String field, Class<T> type) throws InvalidDocument {
    @Nullable Object value = fields.remove(field);
    if (value == null) {
      throw new InvalidDocument("field \"" + field + "\" is missing");
    }
    if (!type.isInstance(value)) {
      throw new InvalidDocument("field \"" + field + "\" has an unexpected value");
    }
    return type.cast(value);
  }

  /** Refuses the fields that were not read. */
  public void end() throws InvalidDocument {
    if (!fields.isEmpty()) {
      throw new InvalidDocument("unknown field \"" + fields.keySet().iterator().next() + "\"");
    }
  }

  /** Why a document cannot be parsed, in words. */
  public static class InvalidDocument extends IOException {
    public InvalidDocument(String why) {
      super(why);
    }
  }
}
