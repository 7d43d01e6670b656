/**
 * Credentials for S3, from the places where the AWS tools look for them, and version 4 signatures
 * made with them. No message contains a secret.
 */
@NullMarked
package dev.keg.backup.store.s3.signing;

import org.jspecify.annotations.NullMarked;
