package dev.keg.backup.store.s3;

import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** An element of an S3 document: text, or other elements. */
record XmlElement(String name, String text, List<XmlElement> children) {
  XmlElement {
    children = List.copyOf(children);
  }

  Stream<XmlElement> all(String child) {
    return children.stream().filter(element -> element.name().equals(child));
  }

  Optional<XmlElement> first(String child) {
    return all(child).findFirst();
  }

  /** The text of a child; empty where there is none. */
  String textOf(String child) {
    return first(child).map(XmlElement::text).orElse("");
  }
}
