package dev.keg.age;

import dev.keg.age.AgeException.Reason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** The start of a file, before the content: the header and a nonce. */
public final class Head {
  /** The length of the nonce between the header and the content. */
  public static final int NONCE = 16;

  private final FileKey key;
  private final Header header;
  private final byte[] nonce;

  private Head(FileKey key, Header header, byte[] nonce) {
    this.key = key;
    this.header = header;
    this.nonce = nonce;
  }

  /** The head of a new file, whose key the stanzas wrap. */
  public static Head create(FileKey key, List<Stanza> stanzas) {
    Header header = new Header(stanzas, key.headerMac(Header.signed(stanzas)));
    return new Head(key, header, FileKey.random(NONCE));
  }

  /** The head of a new file for these recipients. */
  public static Head create(Collection<? extends Recipient> recipients) {
    FileKey key = FileKey.random();
    return create(key, recipients.stream().map(recipient -> recipient.wrap(key)).toList());
  }

  /** Reads the head of a file with one of the keys; the input is then at the content. */
  public static Head read(InputStream in, Collection<? extends Identity> identities)
      throws IOException {
    Header header = Header.read(in);
    FileKey key = unwrap(header, identities);
    if (!MessageDigest.isEqual(key.headerMac(header.signed()), header.mac())) {
      throw new AgeException(Reason.MAC, "its header was changed");
    }
    byte[] nonce = in.readNBytes(NONCE);
    if (nonce.length < NONCE) {
      throw AgeException.header("it ends after the header");
    }
    return new Head(key, header, nonce);
  }

  /** Only the stanzas, which are not authenticated. */
  public static List<Stanza> stanzas(InputStream in) throws IOException {
    return Header.read(in).stanzas();
  }

  private static FileKey unwrap(Header header, Collection<? extends Identity> identities)
      throws AgeException {
    for (Identity identity : identities) {
      for (Stanza stanza : header.stanzas()) {
        Optional<FileKey> key = identity.unwrap(stanza);
        if (key.isPresent()) {
          return key.get();
        }
      }
    }
    throw new AgeException(Reason.NO_MATCH, "no key opens it");
  }

  public FileKey key() {
    return key;
  }

  public List<Stanza> stanzas() {
    return header.stanzas();
  }

  public byte[] bytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    bytes.writeBytes(header.bytes());
    bytes.writeBytes(nonce);
    return bytes.toByteArray();
  }

  public int length() {
    return header.bytes().length + NONCE;
  }

  /** Encrypts and decrypts the content. */
  public Payload payload() {
    return key.payload(nonce);
  }
}
