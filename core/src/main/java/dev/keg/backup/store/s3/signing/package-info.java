/**
 * Credentials for S3, from the places where the AWS tools look for them, and the signature (version
 * 4) that they make. No secret is in any message.
 */
@NullMarked
package dev.keg.backup.store.s3.signing;

import org.jspecify.annotations.NullMarked;
