// Generated from proto/ by `npm run generate`; do not edit.

/** All messages, enums and services, in the JSON format of protobufjs. */
export const SCHEMA = {
 "nested": {
  "grpc": {
   "nested": {
    "health": {
     "nested": {
      "v1": {
       "nested": {
        "Health": {
         "methods": {
          "Check": {
           "requestType": "HealthCheckRequest",
           "responseType": "HealthCheckResponse"
          },
          "List": {
           "requestType": "HealthListRequest",
           "responseType": "HealthListResponse"
          },
          "Watch": {
           "requestType": "HealthCheckRequest",
           "responseType": "HealthCheckResponse",
           "responseStream": true
          }
         }
        },
        "HealthCheckRequest": {
         "fields": {
          "service": {
           "type": "string",
           "id": 1
          }
         }
        },
        "HealthCheckResponse": {
         "fields": {
          "status": {
           "type": "ServingStatus",
           "id": 1
          }
         },
         "nested": {
          "ServingStatus": {
           "values": {
            "UNKNOWN": 0,
            "SERVING": 1,
            "NOT_SERVING": 2,
            "SERVICE_UNKNOWN": 3
           }
          }
         }
        },
        "HealthListRequest": {
         "fields": {}
        },
        "HealthListResponse": {
         "fields": {
          "statuses": {
           "keyType": "string",
           "type": "HealthCheckResponse",
           "id": 1
          }
         }
        }
       }
      }
     }
    },
    "reflection": {
     "nested": {
      "v1": {
       "nested": {
        "ServerReflection": {
         "methods": {
          "ServerReflectionInfo": {
           "requestType": "ServerReflectionRequest",
           "requestStream": true,
           "responseType": "ServerReflectionResponse",
           "responseStream": true
          }
         }
        },
        "ServerReflectionRequest": {
         "oneofs": {
          "messageRequest": {
           "oneof": [
            "fileByFilename",
            "fileContainingSymbol",
            "fileContainingExtension",
            "allExtensionNumbersOfType",
            "listServices"
           ]
          }
         },
         "fields": {
          "host": {
           "type": "string",
           "id": 1
          },
          "fileByFilename": {
           "type": "string",
           "id": 3
          },
          "fileContainingSymbol": {
           "type": "string",
           "id": 4
          },
          "fileContainingExtension": {
           "type": "ExtensionRequest",
           "id": 5
          },
          "allExtensionNumbersOfType": {
           "type": "string",
           "id": 6
          },
          "listServices": {
           "type": "string",
           "id": 7
          }
         }
        },
        "ExtensionRequest": {
         "fields": {
          "containingType": {
           "type": "string",
           "id": 1
          },
          "extensionNumber": {
           "type": "int32",
           "id": 2
          }
         }
        },
        "ServerReflectionResponse": {
         "oneofs": {
          "messageResponse": {
           "oneof": [
            "fileDescriptorResponse",
            "allExtensionNumbersResponse",
            "listServicesResponse",
            "errorResponse"
           ]
          }
         },
         "fields": {
          "validHost": {
           "type": "string",
           "id": 1
          },
          "originalRequest": {
           "type": "ServerReflectionRequest",
           "id": 2
          },
          "fileDescriptorResponse": {
           "type": "FileDescriptorResponse",
           "id": 4
          },
          "allExtensionNumbersResponse": {
           "type": "ExtensionNumberResponse",
           "id": 5
          },
          "listServicesResponse": {
           "type": "ListServiceResponse",
           "id": 6
          },
          "errorResponse": {
           "type": "ErrorResponse",
           "id": 7
          }
         }
        },
        "FileDescriptorResponse": {
         "fields": {
          "fileDescriptorProto": {
           "rule": "repeated",
           "type": "bytes",
           "id": 1
          }
         }
        },
        "ExtensionNumberResponse": {
         "fields": {
          "baseTypeName": {
           "type": "string",
           "id": 1
          },
          "extensionNumber": {
           "rule": "repeated",
           "type": "int32",
           "id": 2
          }
         }
        },
        "ListServiceResponse": {
         "fields": {
          "service": {
           "rule": "repeated",
           "type": "ServiceResponse",
           "id": 1
          }
         }
        },
        "ServiceResponse": {
         "fields": {
          "name": {
           "type": "string",
           "id": 1
          }
         }
        },
        "ErrorResponse": {
         "fields": {
          "errorCode": {
           "type": "int32",
           "id": 1
          },
          "errorMessage": {
           "type": "string",
           "id": 2
          }
         }
        }
       }
      },
      "v1alpha": {
       "nested": {
        "ServerReflection": {
         "methods": {
          "ServerReflectionInfo": {
           "requestType": "ServerReflectionRequest",
           "requestStream": true,
           "responseType": "ServerReflectionResponse",
           "responseStream": true
          }
         }
        },
        "ServerReflectionRequest": {
         "oneofs": {
          "messageRequest": {
           "oneof": [
            "fileByFilename",
            "fileContainingSymbol",
            "fileContainingExtension",
            "allExtensionNumbersOfType",
            "listServices"
           ]
          }
         },
         "fields": {
          "host": {
           "type": "string",
           "id": 1
          },
          "fileByFilename": {
           "type": "string",
           "id": 3
          },
          "fileContainingSymbol": {
           "type": "string",
           "id": 4
          },
          "fileContainingExtension": {
           "type": "ExtensionRequest",
           "id": 5
          },
          "allExtensionNumbersOfType": {
           "type": "string",
           "id": 6
          },
          "listServices": {
           "type": "string",
           "id": 7
          }
         }
        },
        "ExtensionRequest": {
         "fields": {
          "containingType": {
           "type": "string",
           "id": 1
          },
          "extensionNumber": {
           "type": "int32",
           "id": 2
          }
         }
        },
        "ServerReflectionResponse": {
         "oneofs": {
          "messageResponse": {
           "oneof": [
            "fileDescriptorResponse",
            "allExtensionNumbersResponse",
            "listServicesResponse",
            "errorResponse"
           ]
          }
         },
         "fields": {
          "validHost": {
           "type": "string",
           "id": 1
          },
          "originalRequest": {
           "type": "ServerReflectionRequest",
           "id": 2
          },
          "fileDescriptorResponse": {
           "type": "FileDescriptorResponse",
           "id": 4
          },
          "allExtensionNumbersResponse": {
           "type": "ExtensionNumberResponse",
           "id": 5
          },
          "listServicesResponse": {
           "type": "ListServiceResponse",
           "id": 6
          },
          "errorResponse": {
           "type": "ErrorResponse",
           "id": 7
          }
         }
        },
        "FileDescriptorResponse": {
         "fields": {
          "fileDescriptorProto": {
           "rule": "repeated",
           "type": "bytes",
           "id": 1
          }
         }
        },
        "ExtensionNumberResponse": {
         "fields": {
          "baseTypeName": {
           "type": "string",
           "id": 1
          },
          "extensionNumber": {
           "rule": "repeated",
           "type": "int32",
           "id": 2
          }
         }
        },
        "ListServiceResponse": {
         "fields": {
          "service": {
           "rule": "repeated",
           "type": "ServiceResponse",
           "id": 1
          }
         }
        },
        "ServiceResponse": {
         "fields": {
          "name": {
           "type": "string",
           "id": 1
          }
         }
        },
        "ErrorResponse": {
         "fields": {
          "errorCode": {
           "type": "int32",
           "id": 1
          },
          "errorMessage": {
           "type": "string",
           "id": 2
          }
         }
        }
       }
      }
     }
    }
   }
  },
  "logger": {
   "nested": {
    "LogService": {
     "methods": {
      "SendLog": {
       "requestType": "Log",
       "responseType": "LogResponse"
      },
      "GetLogs": {
       "requestType": "GetLogsRequest",
       "responseType": "Log",
       "responseStream": true
      },
      "GetLog": {
       "requestType": "GetLogRequest",
       "responseType": "Log"
      }
     }
    },
    "LogLevel": {
     "values": {
      "ALL": 0,
      "NONE": 1,
      "INFO": 2,
      "WARN": 3,
      "ERROR": 4,
      "DEBUG": 5
     }
    },
    "Log": {
     "fields": {
      "id": {
       "type": "uint32",
       "id": 1
      },
      "message": {
       "type": "string",
       "id": 2
      },
      "level": {
       "type": "LogLevel",
       "id": 3
      },
      "severity": {
       "type": "uint32",
       "id": 4
      },
      "timestamp": {
       "type": "int64",
       "id": 5
      },
      "origin": {
       "type": "string",
       "id": 6
      },
      "source": {
       "type": "string",
       "id": 7
      },
      "type": {
       "type": "string",
       "id": 8
      },
      "group": {
       "type": "string",
       "id": 9
      },
      "tags": {
       "type": "string",
       "id": 10
      },
      "data": {
       "type": "Data",
       "id": 11
      }
     },
     "nested": {
      "Data": {
       "fields": {
        "fields": {
         "keyType": "string",
         "type": "string",
         "id": 1
        }
       }
      }
     }
    },
    "LogResponse": {
     "fields": {
      "success": {
       "type": "bool",
       "id": 1
      },
      "idTaken": {
       "type": "bool",
       "id": 2
      }
     }
    },
    "GetLogsRequest": {
     "fields": {
      "limit": {
       "type": "uint32",
       "id": 1
      },
      "offset": {
       "type": "uint32",
       "id": 2
      },
      "source": {
       "type": "string",
       "id": 3
      },
      "type": {
       "type": "string",
       "id": 4
      },
      "group": {
       "type": "string",
       "id": 5
      },
      "tags": {
       "type": "string",
       "id": 6
      },
      "origin": {
       "type": "string",
       "id": 7
      },
      "message": {
       "type": "string",
       "id": 8
      },
      "level": {
       "type": "LogLevel",
       "id": 9
      },
      "severity": {
       "type": "uint32",
       "id": 10
      },
      "timestamp": {
       "type": "int64",
       "id": 11
      }
     }
    },
    "GetLogRequest": {
     "fields": {
      "id": {
       "type": "uint32",
       "id": 1
      }
     }
    }
   }
  },
  "vigilant": {
   "nested": {
    "v1": {
     "nested": {
      "AdminService": {
       "methods": {
        "GetStatus": {
         "requestType": "GetStatusRequest",
         "responseType": "GetStatusResponse"
        },
        "ListDeadLetters": {
         "requestType": "ListDeadLettersRequest",
         "responseType": "ListDeadLettersResponse"
        },
        "GetDeadLetter": {
         "requestType": "GetDeadLetterRequest",
         "responseType": "GetDeadLetterResponse"
        },
        "ReplayDeadLetter": {
         "requestType": "ReplayDeadLetterRequest",
         "responseType": "ReplayDeadLetterResponse"
        },
        "DeleteDeadLetter": {
         "requestType": "DeleteDeadLetterRequest",
         "responseType": "DeleteDeadLetterResponse"
        }
       }
      },
      "GetStatusRequest": {
       "fields": {}
      },
      "GetStatusResponse": {
       "oneofs": {
        "_storedEvents": {
         "oneof": [
          "storedEvents"
         ]
        }
       },
       "fields": {
        "state": {
         "type": "State",
         "id": 1
        },
        "reasons": {
         "rule": "repeated",
         "type": "string",
         "id": 2
        },
        "pendingEvents": {
         "type": "int64",
         "id": 3
        },
        "storedEvents": {
         "type": "int64",
         "id": 4,
         "options": {
          "proto3_optional": true
         }
        },
        "tails": {
         "type": "int32",
         "id": 5
        },
        "accepted": {
         "type": "int64",
         "id": 6
        },
        "invalid": {
         "type": "int64",
         "id": 7
        },
        "written": {
         "type": "int64",
         "id": 8
        },
        "duplicates": {
         "type": "int64",
         "id": 9
        },
        "conflicts": {
         "type": "int64",
         "id": 10
        },
        "deadLetters": {
         "type": "int64",
         "id": 11
        },
        "droppedDeadLetters": {
         "type": "int64",
         "id": 12
        },
        "oldestEventTime": {
         "type": "google.protobuf.Timestamp",
         "id": 13
        },
        "lag": {
         "type": "google.protobuf.Duration",
         "id": 14
        },
        "storedLag": {
         "type": "google.protobuf.Duration",
         "id": 15
        },
        "retention": {
         "type": "Retention",
         "id": 16
        }
       },
       "nested": {
        "State": {
         "values": {
          "STATE_UNSPECIFIED": 0,
          "STATE_IDLE": 1,
          "STATE_READY": 2,
          "STATE_DEGRADED": 3,
          "STATE_CLOSING": 4,
          "STATE_CLOSED": 5
         }
        }
       }
      },
      "Retention": {
       "oneofs": {
        "_maxBytes": {
         "oneof": [
          "maxBytes"
         ]
        }
       },
       "fields": {
        "state": {
         "type": "State",
         "id": 1
        },
        "maxAge": {
         "type": "string",
         "id": 2
        },
        "maxAgeByLevel": {
         "keyType": "string",
         "type": "string",
         "id": 3
        },
        "maxBytes": {
         "type": "int64",
         "id": 4,
         "options": {
          "proto3_optional": true
         }
        },
        "deleted": {
         "type": "int64",
         "id": 5
        },
        "lastRunTime": {
         "type": "google.protobuf.Timestamp",
         "id": 6
        },
        "nextRunTime": {
         "type": "google.protobuf.Timestamp",
         "id": 7
        },
        "reason": {
         "type": "string",
         "id": 8
        }
       },
       "nested": {
        "State": {
         "values": {
          "STATE_UNSPECIFIED": 0,
          "STATE_WAITING": 1,
          "STATE_RUNNING": 2,
          "STATE_STANDBY": 3
         }
        }
       }
      },
      "DeadLetter": {
       "fields": {
        "key": {
         "type": "string",
         "id": 1
        },
        "reason": {
         "type": "Reason",
         "id": 2
        },
        "message": {
         "type": "string",
         "id": 3
        },
        "id": {
         "type": "string",
         "id": 4
        },
        "position": {
         "type": "string",
         "id": 5
        },
        "count": {
         "type": "int64",
         "id": 6
        },
        "firstTime": {
         "type": "google.protobuf.Timestamp",
         "id": 7
        },
        "lastTime": {
         "type": "google.protobuf.Timestamp",
         "id": 8
        }
       },
       "nested": {
        "Reason": {
         "values": {
          "REASON_UNSPECIFIED": 0,
          "REASON_REJECTED": 1,
          "REASON_ID_CONFLICT": 2,
          "REASON_MALFORMED": 3
         }
        }
       }
      },
      "ListDeadLettersRequest": {
       "fields": {
        "pageSize": {
         "type": "int32",
         "id": 1
        },
        "pageToken": {
         "type": "string",
         "id": 2
        }
       }
      },
      "ListDeadLettersResponse": {
       "fields": {
        "deadLetters": {
         "rule": "repeated",
         "type": "DeadLetter",
         "id": 1
        },
        "nextPageToken": {
         "type": "string",
         "id": 2
        }
       }
      },
      "GetDeadLetterRequest": {
       "fields": {
        "key": {
         "type": "string",
         "id": 1
        },
        "dataFormat": {
         "type": "DataFormat",
         "id": 2
        }
       }
      },
      "GetDeadLetterResponse": {
       "oneofs": {
        "content": {
         "oneof": [
          "event",
          "record"
         ]
        }
       },
       "fields": {
        "deadLetter": {
         "type": "DeadLetter",
         "id": 1
        },
        "event": {
         "type": "Event",
         "id": 2
        },
        "record": {
         "type": "bytes",
         "id": 3
        }
       }
      },
      "ReplayDeadLetterRequest": {
       "fields": {
        "key": {
         "type": "string",
         "id": 1
        }
       }
      },
      "ReplayDeadLetterResponse": {
       "fields": {
        "id": {
         "type": "string",
         "id": 1
        }
       }
      },
      "DeleteDeadLetterRequest": {
       "fields": {
        "key": {
         "type": "string",
         "id": 1
        }
       }
      },
      "DeleteDeadLetterResponse": {
       "fields": {}
      },
      "Level": {
       "values": {
        "LEVEL_UNSPECIFIED": 0,
        "LEVEL_DEBUG": 1,
        "LEVEL_INFO": 2,
        "LEVEL_WARN": 3,
        "LEVEL_ERROR": 4
       }
      },
      "Event": {
       "oneofs": {
        "_message": {
         "oneof": [
          "message"
         ]
        },
        "_origin": {
         "oneof": [
          "origin"
         ]
        },
        "_source": {
         "oneof": [
          "source"
         ]
        },
        "_type": {
         "oneof": [
          "type"
         ]
        },
        "_group": {
         "oneof": [
          "group"
         ]
        },
        "payload": {
         "oneof": [
          "data",
          "dataJson"
         ]
        }
       },
       "fields": {
        "id": {
         "type": "string",
         "id": 1
        },
        "message": {
         "type": "string",
         "id": 2,
         "options": {
          "proto3_optional": true
         }
        },
        "level": {
         "type": "Level",
         "id": 3
        },
        "severity": {
         "type": "int32",
         "id": 4
        },
        "timestamp": {
         "type": "google.protobuf.Timestamp",
         "id": 5
        },
        "origin": {
         "type": "string",
         "id": 6,
         "options": {
          "proto3_optional": true
         }
        },
        "source": {
         "type": "string",
         "id": 7,
         "options": {
          "proto3_optional": true
         }
        },
        "type": {
         "type": "string",
         "id": 8,
         "options": {
          "proto3_optional": true
         }
        },
        "group": {
         "type": "string",
         "id": 9,
         "options": {
          "proto3_optional": true
         }
        },
        "tags": {
         "rule": "repeated",
         "type": "string",
         "id": 10
        },
        "data": {
         "type": "google.protobuf.Struct",
         "id": 11
        },
        "dataJson": {
         "type": "bytes",
         "id": 12
        },
        "receivedAt": {
         "type": "google.protobuf.Timestamp",
         "id": 13
        },
        "sequence": {
         "type": "int64",
         "id": 14
        }
       }
      },
      "DataFormat": {
       "values": {
        "DATA_FORMAT_UNSPECIFIED": 0,
        "DATA_FORMAT_STRUCT": 1,
        "DATA_FORMAT_JSON": 2
       }
      },
      "Error": {
       "oneofs": {
        "_position": {
         "oneof": [
          "position"
         ]
        }
       },
       "fields": {
        "code": {
         "type": "string",
         "id": 1
        },
        "message": {
         "type": "string",
         "id": 2
        },
        "retryable": {
         "type": "bool",
         "id": 3
        },
        "violations": {
         "rule": "repeated",
         "type": "Violation",
         "id": 4
        },
        "position": {
         "type": "int32",
         "id": 5,
         "options": {
          "proto3_optional": true
         }
        },
        "retryDelay": {
         "type": "google.protobuf.Duration",
         "id": 6
        }
       }
      },
      "Violation": {
       "fields": {
        "field": {
         "type": "string",
         "id": 1
        },
        "code": {
         "type": "string",
         "id": 2
        },
        "reason": {
         "type": "string",
         "id": 3
        },
        "limit": {
         "type": "string",
         "id": 4
        }
       }
      },
      "EventService": {
       "methods": {
        "LogEvent": {
         "requestType": "LogEventRequest",
         "responseType": "LogEventResponse"
        },
        "LogEvents": {
         "requestType": "LogEventsRequest",
         "responseType": "LogEventsResponse"
        },
        "GetEvent": {
         "requestType": "GetEventRequest",
         "responseType": "GetEventResponse"
        },
        "QueryEvents": {
         "requestType": "QueryEventsRequest",
         "responseType": "QueryEventsResponse"
        },
        "TailEvents": {
         "requestType": "TailEventsRequest",
         "responseType": "TailEventsResponse",
         "responseStream": true
        }
       }
      },
      "LogEventRequest": {
       "fields": {
        "event": {
         "type": "Event",
         "id": 1
        },
        "checkId": {
         "type": "bool",
         "id": 2
        }
       }
      },
      "LogEventResponse": {
       "fields": {
        "id": {
         "type": "string",
         "id": 1
        },
        "idTaken": {
         "type": "bool",
         "id": 2
        }
       }
      },
      "LogEventsRequest": {
       "fields": {
        "events": {
         "rule": "repeated",
         "type": "Event",
         "id": 1
        },
        "checkIds": {
         "type": "bool",
         "id": 2
        }
       }
      },
      "LogEventsResponse": {
       "fields": {
        "results": {
         "rule": "repeated",
         "type": "LogEventResult",
         "id": 1
        },
        "accepted": {
         "type": "int32",
         "id": 2
        }
       }
      },
      "LogEventResult": {
       "oneofs": {
        "result": {
         "oneof": [
          "id",
          "error"
         ]
        }
       },
       "fields": {
        "id": {
         "type": "string",
         "id": 1
        },
        "error": {
         "type": "Error",
         "id": 2
        },
        "idTaken": {
         "type": "bool",
         "id": 3
        }
       }
      },
      "GetEventRequest": {
       "fields": {
        "id": {
         "type": "string",
         "id": 1
        },
        "dataFormat": {
         "type": "DataFormat",
         "id": 2
        }
       }
      },
      "GetEventResponse": {
       "fields": {
        "event": {
         "type": "Event",
         "id": 1
        }
       }
      },
      "Order": {
       "values": {
        "ORDER_UNSPECIFIED": 0,
        "ORDER_NEWEST": 1,
        "ORDER_OLDEST": 2,
        "ORDER_ARRIVAL": 3
       }
      },
      "QueryEventsRequest": {
       "fields": {
        "filter": {
         "type": "string",
         "id": 1
        },
        "since": {
         "type": "string",
         "id": 2
        },
        "until": {
         "type": "string",
         "id": 3
        },
        "order": {
         "type": "Order",
         "id": 4
        },
        "pageSize": {
         "type": "int32",
         "id": 5
        },
        "pageToken": {
         "type": "string",
         "id": 6
        },
        "dataFormat": {
         "type": "DataFormat",
         "id": 7
        }
       }
      },
      "QueryEventsResponse": {
       "oneofs": {
        "_beyond": {
         "oneof": [
          "beyond"
         ]
        }
       },
       "fields": {
        "events": {
         "rule": "repeated",
         "type": "Event",
         "id": 1
        },
        "nextPageToken": {
         "type": "string",
         "id": 2
        },
        "tailCursor": {
         "type": "string",
         "id": 3
        },
        "complete": {
         "type": "bool",
         "id": 4
        },
        "freshness": {
         "type": "Freshness",
         "id": 5
        },
        "beyond": {
         "type": "int32",
         "id": 6,
         "options": {
          "proto3_optional": true
         }
        }
       }
      },
      "Freshness": {
       "oneofs": {
        "_pending": {
         "oneof": [
          "pending"
         ]
        }
       },
       "fields": {
        "complete": {
         "type": "bool",
         "id": 1
        },
        "pending": {
         "type": "int64",
         "id": 2,
         "options": {
          "proto3_optional": true
         }
        }
       }
      },
      "TailEventsRequest": {
       "fields": {
        "filter": {
         "type": "string",
         "id": 1
        },
        "cursor": {
         "type": "string",
         "id": 2
        },
        "dataFormat": {
         "type": "DataFormat",
         "id": 3
        }
       }
      },
      "TailEventsResponse": {
       "oneofs": {
        "item": {
         "oneof": [
          "event",
          "gap",
          "checkpoint"
         ]
        }
       },
       "fields": {
        "cursor": {
         "type": "string",
         "id": 1
        },
        "event": {
         "type": "Event",
         "id": 2
        },
        "gap": {
         "type": "Gap",
         "id": 3
        },
        "checkpoint": {
         "type": "Checkpoint",
         "id": 4
        }
       }
      },
      "Gap": {
       "oneofs": {
        "_missed": {
         "oneof": [
          "missed"
         ]
        }
       },
       "fields": {
        "reason": {
         "type": "Reason",
         "id": 1
        },
        "missed": {
         "type": "int64",
         "id": 2,
         "options": {
          "proto3_optional": true
         }
        }
       },
       "nested": {
        "Reason": {
         "values": {
          "REASON_UNSPECIFIED": 0,
          "REASON_SLOW": 1,
          "REASON_PRUNED": 2,
          "REASON_EPOCH": 3
         }
        }
       }
      },
      "Checkpoint": {
       "fields": {}
      }
     }
    }
   }
  },
  "google": {
   "nested": {
    "protobuf": {
     "nested": {
      "Duration": {
       "fields": {
        "seconds": {
         "type": "int64",
         "id": 1
        },
        "nanos": {
         "type": "int32",
         "id": 2
        }
       }
      },
      "Any": {
       "fields": {
        "type_url": {
         "type": "string",
         "id": 1
        },
        "value": {
         "type": "bytes",
         "id": 2
        }
       }
      },
      "Timestamp": {
       "fields": {
        "seconds": {
         "type": "int64",
         "id": 1
        },
        "nanos": {
         "type": "int32",
         "id": 2
        }
       }
      },
      "Struct": {
       "fields": {
        "fields": {
         "keyType": "string",
         "type": "Value",
         "id": 1
        }
       }
      },
      "Value": {
       "oneofs": {
        "kind": {
         "oneof": [
          "nullValue",
          "numberValue",
          "stringValue",
          "boolValue",
          "structValue",
          "listValue"
         ]
        }
       },
       "fields": {
        "nullValue": {
         "type": "NullValue",
         "id": 1
        },
        "numberValue": {
         "type": "double",
         "id": 2
        },
        "stringValue": {
         "type": "string",
         "id": 3
        },
        "boolValue": {
         "type": "bool",
         "id": 4
        },
        "structValue": {
         "type": "Struct",
         "id": 5
        },
        "listValue": {
         "type": "ListValue",
         "id": 6
        }
       }
      },
      "NullValue": {
       "values": {
        "NULL_VALUE": 0
       }
      },
      "ListValue": {
       "fields": {
        "values": {
         "rule": "repeated",
         "type": "Value",
         "id": 1
        }
       }
      }
     }
    },
    "rpc": {
     "nested": {
      "ErrorInfo": {
       "fields": {
        "reason": {
         "type": "string",
         "id": 1
        },
        "domain": {
         "type": "string",
         "id": 2
        },
        "metadata": {
         "keyType": "string",
         "type": "string",
         "id": 3
        }
       }
      },
      "RetryInfo": {
       "fields": {
        "retryDelay": {
         "type": "google.protobuf.Duration",
         "id": 1
        }
       }
      },
      "BadRequest": {
       "fields": {
        "fieldViolations": {
         "rule": "repeated",
         "type": "FieldViolation",
         "id": 1
        }
       },
       "nested": {
        "FieldViolation": {
         "fields": {
          "field": {
           "type": "string",
           "id": 1
          },
          "description": {
           "type": "string",
           "id": 2
          },
          "reason": {
           "type": "string",
           "id": 3
          }
         }
        }
       }
      },
      "Status": {
       "fields": {
        "code": {
         "type": "int32",
         "id": 1
        },
        "message": {
         "type": "string",
         "id": 2
        },
        "details": {
         "rule": "repeated",
         "type": "google.protobuf.Any",
         "id": 3
        }
       }
      }
     }
    }
   }
  }
 }
};
