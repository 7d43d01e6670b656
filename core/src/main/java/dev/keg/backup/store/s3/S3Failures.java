package dev.keg.backup.store.s3;

import dev.keg.backup.store.Backoff;
import dev.keg.backup.store.StoreException;
import dev.keg.backup.store.s3.XmlParser.Element;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Translates error answers into words, and into exceptions for the code that repeats requests. */
final class S3Failures {
  private static final Set<Integer> TEMPORARY = Set.of(408, 425, 429, 500, 502, 503, 504);
  private static final Set<String> TEMPORARY_CODES =
      Set.of(
          "SlowDown",
          "InternalError",
          "ServiceUnavailable",
          "RequestTimeout",
          "OperationAborted",
          "ConditionalRequestConflict",
          "Throttling",
          "ThrottlingException",
          "TooManyRequestsException");

  private final String address;

  S3Failures(String address) {
    this.address = address;
  }

  /**
   * The code and message of an error:
   *
   * <pre>&lt;Error>&lt;Code>NoSuchKey&lt;/Code>&lt;Message>…&lt;/Message>&lt;/Error></pre>
   */
  record ErrorBody(String code, String message) {
    static ErrorBody of(S3Answer answer) {
      try {
        Element error = XmlParser.parse(answer.text());
        return new ErrorBody(error.textOf("Code"), error.textOf("Message"));
      } catch (XmlParser.InvalidXml _) {
        return new ErrorBody("", ""); // from a proxy, or an answer to HEAD
      }
    }

    String words(int status) {
      String what = code.isEmpty() ? "HTTP status " + status : code;
      return message.isEmpty() ? what : what + ": " + message;
    }
  }

  StoreException of(String operation, S3Answer answer) {
    ErrorBody error = ErrorBody.of(answer);
    String why = error.words(answer.status());
    if (TEMPORARY.contains(answer.status()) || TEMPORARY_CODES.contains(error.code())) {
      return new StoreException.Unavailable(
          address, operation, why, Backoff.retryAfter(answer.header("retry-after")), null);
    }
    boolean isWithoutLock =
        error.code().equals("InvalidRequest")
            && error.message().matches("Bucket is missing Object ?Lock.*");
    return new StoreException.Failed(
        address,
        operation,
        why,
        isWithoutLock
            ? "create a bucket with object lock, or leave out lock= in its address"
            : hint(answer.status(), error.code()));
  }

  private static @Nullable String hint(int status, String code) {
    return switch (code) {
      case "NoSuchBucket" -> "create the bucket first; keg does not create buckets";
      case "InvalidAccessKeyId", "SignatureDoesNotMatch" ->
          "check AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or the profile in ~/.aws";
      case "ExpiredToken", "InvalidToken", "TokenRefreshRequired" ->
          "the session is over; sign in again";
      case "RequestTimeTooSkewed" -> "set this machine's clock";
      case "AuthorizationHeaderMalformed",
          "PermanentRedirect",
          "IllegalLocationConstraintException" ->
          "name the bucket's region: s3://BUCKET?region=REGION";
      default ->
          status == 403
              ? "the key needs s3:ListBucket on the bucket, and s3:GetObject, s3:PutObject,"
                  + " s3:DeleteObject and s3:AbortMultipartUpload on its objects"
              : null;
    };
  }
}
