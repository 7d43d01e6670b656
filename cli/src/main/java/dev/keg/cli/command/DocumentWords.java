package dev.keg.cli.command;

import dev.keg.mountspec.MachineMount.SecurityModel;
import dev.keg.render.DocumentKind;
import java.util.Arrays;
import java.util.Iterator;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** The words by which documents and their settings are called. */
final class DocumentWords {
  private DocumentWords() {}

  /** The words for DOCUMENT. */
  static final class Kinds implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(DocumentKind.values()).map(DocumentKind::word).iterator();
    }
  }

  /** Reads DOCUMENT. */
  static final class Kind implements ITypeConverter<DocumentKind> {
    @Override
    public DocumentKind convert(String value) {
      return DocumentKind.ofWord(value)
          .orElseThrow(
              () ->
                  new TypeConversionException(
                      "there is no document '%s'; there are %s"
                          .formatted(value, String.join(", ", new Kinds()))));
    }
  }

  /** The words for --security-model. */
  static final class Models implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
      return Arrays.stream(SecurityModel.values()).map(SecurityModel::word).iterator();
    }
  }

  /** Reads --security-model. */
  static final class Model implements ITypeConverter<SecurityModel> {
    @Override
    public SecurityModel convert(String value) {
      return SecurityModel.ofWord(value)
          .orElseThrow(
              () ->
                  new TypeConversionException("it is none of " + String.join(", ", new Models())));
    }
  }
}
