package dev.keg.backup.store.s3;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Reads only the XML of S3's answers:
 *
 * <pre>
 * &lt;?xml version="1.0" encoding="UTF-8"?>
 * &lt;Error>&lt;Code>SlowDown&lt;/Code>&lt;Message>Please reduce your request rate.&lt;/Message>&lt;/Error>
 * </pre>
 *
 * <p>Attributes are skipped; a document type, which could refer to files or expand without end, is
 * refused, and so is nesting deeper than in any S3 document.
 */
final class XmlParser {
  /** An element of an S3 document: text, or other elements. */
  record Element(String name, String text, List<Element> children) {
    Element {
      children = List.copyOf(children);
    }

    Stream<Element> all(String child) {
      return children.stream().filter(element -> element.name().equals(child));
    }

    Optional<Element> first(String child) {
      return all(child).findFirst();
    }

    /** The text of a child; empty if there is none. */
    String textOf(String child) {
      return first(child).map(Element::text).orElse("");
    }
  }

  private static final int DEEPEST = 16;

  private final String text;
  private int at;

  private XmlParser(String text) {
    this.text = text;
  }

  static Element parse(String text) throws InvalidXml {
    XmlParser parser = new XmlParser(text.startsWith("\uFEFF") ? text.substring(1) : text);
    parser.skipMisc();
    Element root = parser.element(1);
    parser.skipMisc();
    if (parser.at < parser.text.length()) {
      throw parser.invalid("there is text after the document");
    }
    return root;
  }

  /** Skips white space, the declaration and comments. */
  private void skipMisc() throws InvalidXml {
    while (true) {
      skipSpace();
      if (looksAt("<?")) {
        skipPast("?>");
      } else if (looksAt("<!--")) {
        skipPast("-->");
      } else {
        return;
      }
    }
  }

  private Element element(int depth) throws InvalidXml {
    if (depth > DEEPEST) {
      throw invalid("too deep");
    }
    expect("<");
    String name = name();
    if (skipAttributes()) {
      return new Element(name, "", List.of());
    }
    StringBuilder content = new StringBuilder();
    List<Element> children = new ArrayList<>();
    while (!looksAt("</")) {
      if (looksAt("<!--")) {
        skipPast("-->");
      } else if (looksAt("<![CDATA[")) {
        int start = at + "<![CDATA[".length();
        skipPast("]]>");
        content.append(text, start, at - "]]>".length());
      } else if (looksAt("<")) {
        children.add(element(depth + 1));
      } else {
        content.append(character());
      }
    }
    expect("</");
    if (!name().equals(name)) {
      throw invalid("<" + name + "> is not closed");
    }
    skipSpace();
    expect(">");
    return new Element(name, content.toString(), children);
  }

  /** The name without its prefix. */
  private String name() throws InvalidXml {
    int start = at;
    while (at < text.length()
        && (Character.isLetterOrDigit(text.charAt(at)) || "_-.:".indexOf(text.charAt(at)) >= 0)) {
      at++;
    }
    if (at == start) {
      throw invalid("a name is missing");
    }
    String name = text.substring(start, at);
    return name.substring(name.indexOf(':') + 1);
  }

  /** Skips to the end of a start tag; returns whether the element also ends there. */
  private boolean skipAttributes() throws InvalidXml {
    while (true) {
      skipSpace();
      if (looksAt("/>")) {
        at += 2;
        return true;
      }
      if (looksAt(">")) {
        at++;
        return false;
      }
      name();
      skipSpace();
      expect("=");
      skipSpace();
      String quote = looksAt("'") ? "'" : "\"";
      expect(quote);
      skipPast(quote);
    }
  }

  private String character() throws InvalidXml {
    if (at >= text.length()) {
      throw invalid("it is cut off");
    }
    if (text.charAt(at) != '&') {
      return String.valueOf(text.charAt(at++));
    }
    int end = text.indexOf(';', at);
    if (end < 0) {
      throw invalid("'&' without ';'");
    }
    String entity = text.substring(at + 1, end);
    at = end + 1;
    return switch (entity) {
      case "lt" -> "<";
      case "gt" -> ">";
      case "amp" -> "&";
      case "quot" -> "\"";
      case "apos" -> "'";
      default -> numbered(entity);
    };
  }

  private String numbered(String entity) throws InvalidXml {
    try {
      if (entity.startsWith("#x")) {
        return Character.toString(Integer.parseInt(entity.substring(2), 16));
      }
      if (entity.startsWith("#")) {
        return Character.toString(Integer.parseInt(entity.substring(1)));
      }
    } catch (IllegalArgumentException e) {
      throw invalid("no character: &" + entity + ";");
    }
    throw invalid("unknown entity: &" + entity + ";");
  }

  private void skipSpace() {
    while (at < text.length() && Character.isWhitespace(text.charAt(at))) {
      at++;
    }
  }

  private boolean looksAt(String token) {
    return text.startsWith(token, at);
  }

  private void expect(String token) throws InvalidXml {
    if (!looksAt(token)) {
      throw invalid(at >= text.length() ? "it is cut off" : "'" + token + "' expected");
    }
    at += token.length();
  }

  private void skipPast(String token) throws InvalidXml {
    int found = text.indexOf(token, at);
    if (found < 0) {
      throw invalid("it is cut off");
    }
    at = found + token.length();
  }

  private InvalidXml invalid(String why) {
    return new InvalidXml("character " + at + ": " + why);
  }

  /** The text is not XML as S3 sends it. */
  static final class InvalidXml extends IOException {
    InvalidXml(String why) {
      super(why);
    }
  }
}
