package dev.keg.backup.store.s3;

import dev.keg.fixtures.fuzz.FuzzTarget;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;

/** The answers of an S3 server. */
public final class XmlFuzz implements FuzzTarget {
  @Override
  public List<byte[]> seeds() {
    return Stream.of(
            "<?xml version=\"1.0\"?><ListBucketResult xmlns=\"u\"><!-- c"
                + " --><Contents><Key>a&amp;&#x41;"
                + "</Key><Size>3</Size></Contents><IsTruncated/></ListBucketResult>")
        .map(text -> text.getBytes(StandardCharsets.UTF_8))
        .toList();
  }

  @Override
  public void read(byte[] input) {
    try {
      var _ = XmlParser.parse(new String(input, StandardCharsets.UTF_8));
    } catch (XmlParser.InvalidXml _) {
      return;
    }
  }
}
