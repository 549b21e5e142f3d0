"""The seed's loop over JSON lines that something else has extracted: seed.py input output. Its masks, its defects."""

import hashlib
import json
import re
import sys

PII_FIELDS = ['phoneNumber', 'externalId', 'firstName', 'lastName', 'cardNumber']


def mask_field(value, field_name):
    if value is None:
        return None
    # Mask Credit Card PANs (16 digits)
    if field_name == 'cardNumber':
        return re.sub(r'\d{4}\s*\d{4}\s*\d{4}\s*\d{4}', 'XXXX-XXXX-XXXX-XXXX', value)
    # Mask Phone Numbers
    if field_name == 'phoneNumber':
        return re.sub(r'\+?[\d]{10,15}', '[MASKED]', value)
    # Hash Names for Referential Integrity
    if field_name in ['firstName', 'lastName']:
        hash_val = hashlib.sha256(value.encode()).hexdigest()[:8]
        return f"User_{hash_val}"
    return value


def process_batch(batch_file, out):
    with open(batch_file, 'r', encoding='utf-8') as f:
        for line in f:
            record = json.loads(line)
            for field in PII_FIELDS:
                if field in record:
                    record[field] = mask_field(record[field], field)
            print(json.dumps(record), file=out)


with open(sys.argv[2], 'w', encoding='utf-8') as out:
    process_batch(sys.argv[1], out)
